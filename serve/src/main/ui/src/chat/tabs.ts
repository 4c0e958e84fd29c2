/** The other tabs of this browser that show the page; they share the database. */
export interface Tabs {
  /** Says that the chat with this id has been written, or removed. */
  tell(id: string): void;
  /** Calls `listener` when another tab says so. */
  listen(listener: (id: string) => void): void;
}

/** The browser's own channel, which does not bring a tab what it told. */
export class BroadcastTabs implements Tabs {
  readonly #channel: BroadcastChannel;

  constructor(channel: BroadcastChannel) {
    this.#channel = channel;
  }

  tell(id: string): void {
    this.#channel.postMessage(id);
  }

  listen(listener: (id: string) => void): void {
    this.#channel.onmessage = (event: MessageEvent<string>) => listener(event.data);
  }
}
