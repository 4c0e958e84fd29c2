import { isAbort } from '../api/errors';
import type { OllamaApi } from '../api/ollama';
import { Observable } from '../core/observable';
import { throttle } from '../core/throttle';
import { PullMeter } from './meter';

const SHOW_MILLIS = 100;

export interface Pull {
  name: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** The server's words for what it does. */
  status: string;
  completed: number;
  /** Bytes in all; 0 while not known. */
  total: number;
  bytesPerSecond: number;
  /** Why it failed. */
  message: string;
}

export type PullListener = (pull: Pull) => void;

/** The downloads of this page, at most one of each model. */
export class Pulls extends Observable {
  readonly #ollama: OllamaApi;
  readonly #onEnd: PullListener;
  readonly #pulls = new Map<string, Pull>();
  readonly #controllers = new Map<string, AbortController>();

  constructor(ollama: OllamaApi, onEnd: PullListener) {
    super();
    this.#ollama = ollama;
    this.#onEnd = onEnd;
  }

  get all(): Pull[] {
    return [...this.#pulls.values()];
  }

  get(name: string): Pull | undefined {
    return this.#pulls.get(name);
  }

  cancel(name: string): void {
    this.#controllers.get(name)?.abort();
  }

  /** Takes a pull that has ended off the list. */
  dismiss(name: string): void {
    if (this.#pulls.get(name)?.state !== 'running') {
      this.#pulls.delete(name);
      this.changed();
    }
  }

  async start(name: string): Promise<void> {
    if (this.#controllers.has(name)) {
      return;
    }
    const controller = new AbortController();
    this.#controllers.set(name, controller);
    const meter = new PullMeter(() => performance.now());
    let status = '';
    const show = throttle(SHOW_MILLIS, () => this.#set(name, { state: 'running', status }, meter));
    this.#set(name, { state: 'running', status }, meter);
    try {
      for await (const line of this.#ollama.pull(name, controller.signal)) {
        status = line.status;
        meter.accept(line);
        show();
      }
      show.flush();
      this.#end(name, { state: 'done', status }, meter);
    } catch (error) {
      show.flush();
      const message = error instanceof Error ? error.message : String(error);
      const state = isAbort(error) ? 'cancelled' : 'failed';
      this.#end(name, { state, status, message }, meter);
    }
  }

  #end(name: string, fields: Pick<Pull, 'state' | 'status'> & Partial<Pull>, meter: PullMeter): void {
    this.#controllers.delete(name);
    this.#onEnd(this.#set(name, fields, meter));
  }

  #set(
    name: string,
    fields: Pick<Pull, 'state' | 'status'> & Partial<Pull>,
    meter: PullMeter,
  ): Pull {
    const { completed, total, bytesPerSecond } = meter;
    const pull = { name, completed, total, bytesPerSecond, message: '', ...fields };
    this.#pulls.set(name, pull);
    this.changed();
    return pull;
  }
}

