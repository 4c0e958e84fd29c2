import type { Http } from '../api/http';
import type { ChatRequest } from '../api/openai';
import { newMessage } from '../chat/create';
import { ReplyBuilder } from '../chat/reply';
import { run } from '../chat/run';
import type { Message } from '../chat/types';
import { Observable } from '../core/observable';
import { throttle } from '../core/throttle';

const SHOW_MILLIS = 50;

/** A conversation without branches, which is not kept: what both playgrounds are made of. */
export class Session extends Observable {
  readonly #http: Http;
  readonly #onEnd: (reply: Message) => void;
  #messages: readonly Message[] = [];
  #controller: AbortController | undefined;

  constructor(http: Http, onEnd: (reply: Message) => void) {
    super();
    this.#http = http;
    this.#onEnd = onEnd;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  get last(): Message | undefined {
    return this.#messages.at(-1);
  }

  get isRunning(): boolean {
    return this.#controller !== undefined;
  }

  stop(): void {
    this.#controller?.abort();
  }

  clear(): void {
    this.stop();
    this.#messages = [];
    this.changed();
  }

  /** Adds messages and asks for the reply to all; `request` is made from them. */
  async ask(
    added: readonly Message[],
    request: (messages: readonly Message[]) => ChatRequest,
  ): Promise<void> {
    this.stop();
    const before = [...this.#messages, ...added];
    const body = request(before);
    const reply = {
      ...newMessage('assistant', before.at(-1)?.id ?? null, ''),
      model: body.model,
    };
    const controller = new AbortController();
    this.#controller = controller;
    const builder = new ReplyBuilder(reply, () => performance.now());
    const show = throttle(SHOW_MILLIS, () => {
      // A session that was cleared meanwhile takes nothing from a reply that still ends.
      if (this.#messages.some((message) => message.id === reply.id)) {
        this.#messages = [...before, builder.message];
        this.changed();
      }
    });
    this.#messages = [...before, reply];
    this.changed();
    await run(this.#http, body, builder, controller.signal, show);
    if (this.#controller === controller) {
      this.#controller = undefined;
    }
    show();
    show.flush();
    this.changed();
    this.#onEnd(builder.message);
  }
}
