import { ApiError } from '../api/errors';
import type { ChatPart } from '../api/openai';
import type { Message, ReplyStats, ToolCall } from './types';

/** Puts the parts of a stream together to a message, and measures while they come. */
export class ReplyBuilder {
  readonly #clock: () => number;
  readonly #began: number;
  #first: number | undefined;
  #pieces = 0;
  #message: Message;

  /** `clock` gives milliseconds. */
  constructor(message: Message, clock: () => number) {
    this.#message = message;
    this.#clock = clock;
    this.#began = clock();
  }

  get message(): Message {
    return this.#message;
  }

  accept(part: ChatPart): void {
    switch (part.type) {
      case 'text':
        this.#measure();
        this.#set({ content: this.#message.content + part.text });
        break;
      case 'reasoning':
        this.#measure();
        this.#set({ reasoning: (this.#message.reasoning ?? '') + part.text });
        break;
      case 'call':
        this.#measure();
        this.#set({ calls: merge(this.#message.calls ?? [], part) });
        break;
      case 'finish':
        this.#set({ finish: part.reason });
        break;
      case 'usage':
        this.#set({ stats: this.#final(part) });
        break;
    }
  }

  cancelled(): void {
    this.#set({ finish: 'cancelled' });
  }

  failed(error: unknown): void {
    const failure =
      error instanceof ApiError
        ? {
            kind: error.kind,
            message: error.message,
            ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
          }
        : { kind: 'stream', message: error instanceof Error ? error.message : String(error) };
    this.#set({ failure });
  }

  /** Until the server's own numbers come: a piece of the stream counts as a token. */
  #measure(): void {
    const now = this.#clock();
    this.#first ??= now;
    this.#pieces += 1;
    const millis = now - this.#first;
    this.#set({
      stats: {
        completionTokens: this.#pieces,
        ttftMillis: this.#first - this.#began,
        totalMillis: now - this.#began,
        ...(millis > 200 ? { tokensPerSecond: ((this.#pieces - 1) * 1000) / millis } : {}),
      },
    });
  }

  #final({ usage, timings }: Extract<ChatPart, { type: 'usage' }>): ReplyStats {
    const measured = this.#message.stats ?? {};
    const ttftMillis = timings.ttftMillis ?? measured.ttftMillis;
    const tokensPerSecond = timings.tokensPerSecond ?? measured.tokensPerSecond;
    return {
      promptTokens: usage.promptTokens,
      cachedTokens: usage.cachedTokens,
      completionTokens: usage.completionTokens,
      totalMillis: this.#clock() - this.#began,
      ...(ttftMillis === undefined ? {} : { ttftMillis }),
      ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    };
  }

  #set(fields: Partial<Message>): void {
    this.#message = { ...this.#message, ...fields };
  }
}

function merge(calls: readonly ToolCall[], part: Extract<ChatPart, { type: 'call' }>): ToolCall[] {
  const merged = [...calls];
  while (merged.length <= part.index && merged.length < 128) {
    merged.push({ id: '', name: '', arguments: '' });
  }
  const old = merged[part.index];
  if (old) {
    merged[part.index] = {
      id: part.id ?? old.id,
      name: part.name ?? old.name,
      arguments: old.arguments + part.arguments,
    };
  }
  return merged;
}
