import type { Http } from '../api/http';
import { Observable } from '../core/observable';
import { throttle } from '../core/throttle';
import { newMessage } from './create';
import { ReplyBuilder } from './reply';
import { toRequest } from './request';
import { run } from './run';
import type { ChatStore } from './store';
import { append, pathTo, replace } from './tree';
import type { Chat, Message } from './types';

const SHOW_MILLIS = 50;

/** Called when a reply ended, however it ended. */
export type ReplyListener = (chat: string, reply: Message) => void;

/** The replies that are being written now, at most one in each chat. */
export class Replies extends Observable {
  readonly #http: Http;
  readonly #chats: ChatStore;
  readonly #onEnd: ReplyListener;
  readonly #running = new Map<string, { controller: AbortController; reply: string }>();

  constructor(http: Http, chats: ChatStore, onEnd: ReplyListener) {
    super();
    this.#http = http;
    this.#chats = chats;
    this.#onEnd = onEnd;
    // Also a chat that was removed in another tab needs no reply any more.
    chats.subscribe(() =>
      [...this.#running.keys()].filter((id) => !chats.get(id)).forEach((id) => this.stop(id)),
    );
  }

  isRunning(chat: string | undefined): boolean {
    return chat !== undefined && this.#running.has(chat);
  }

  /** Whether this message is being written now. */
  isWriting(chat: string, message: string): boolean {
    return this.#running.get(chat)?.reply === message;
  }

  stop(chat: string): void {
    this.#running.get(chat)?.controller.abort();
  }

  /** Asks for a message's first or next reply; a former one becomes a branch. */
  async ask(chat: Chat, parent: string): Promise<void> {
    this.stop(chat.id);
    const request = toRequest(chat.model, chat.system, pathTo(chat, parent), chat.parameters);
    const reply = { ...newMessage('assistant', parent, ''), model: chat.model };
    const controller = new AbortController();
    this.#chats.update(chat.id, (now) => append(now, reply));
    this.#running.set(chat.id, { controller, reply: reply.id });
    this.changed();
    const builder = new ReplyBuilder(reply, () => performance.now());
    const show = throttle(SHOW_MILLIS, () =>
      this.#chats.updateOften(chat.id, (now) => replace(now, builder.message)),
    );
    await run(this.#http, request, builder, controller.signal, show);
    if (this.#running.get(chat.id)?.controller === controller) {
      this.#running.delete(chat.id);
    }
    show();
    show.flush();
    this.#chats.flush();
    this.changed();
    this.#onEnd(chat.id, builder.message);
  }
}
