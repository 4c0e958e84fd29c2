import { isObject, type Json } from '../core/json';
import { ApiError, messageIn } from './errors';
import type { Http } from './http';
import { SseParser } from './sse';
import { parts } from './stream';

export interface WireCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export type WireMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: WireCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { type: 'function'; function: { name: string } };

/** The body of a chat request; only what is set is sent. */
export interface ChatRequest {
  model: string;
  messages: WireMessage[];
  temperature?: number;
  top_p?: number;
  top_k?: number;
  min_p?: number;
  repeat_penalty?: number;
  seed?: number;
  max_tokens?: number;
  stop?: string[];
  chat_template_kwargs?: { enable_thinking: boolean };
  response_format?: { type: 'json_schema'; json_schema: { name: string; schema: Json; strict: true } };
  tools?: Json[];
  tool_choice?: ToolChoice;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
}

export interface Timings {
  promptMillis?: number;
  predictedMillis?: number;
  tokensPerSecond?: number;
  ttftMillis?: number;
}

export type ChatPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'call'; index: number; id?: string; name?: string; arguments: string }
  | { type: 'finish'; reason: string }
  | { type: 'usage'; usage: Usage; timings: Timings };

/** Streams a reply. A stream that ends without `[DONE]` or a reason to finish broke off. */
export async function* streamChat(
  http: Http,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatPart> {
  const body = { ...request, stream: true, stream_options: { include_usage: true } };
  const response = await http.send('/v1/chat/completions', { body, signal });
  let isComplete = false;
  for await (const data of parts(response, new SseParser())) {
    if (data === '[DONE]') {
      return;
    }
    for (const part of read(data)) {
      isComplete ||= part.type === 'finish';
      yield part;
    }
  }
  if (!isComplete) {
    throw new ApiError('offline', 'The stream ended early.');
  }
}

/** The parts in one chunk. */
export function* read(data: string): Generator<ChatPart> {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch {
    throw new ApiError('stream', `Not JSON: ${data.slice(0, 200)}`);
  }
  if (!isObject(chunk)) {
    throw new ApiError('stream', `Not an object: ${data.slice(0, 200)}`);
  }
  if (chunk['error'] !== undefined && chunk['error'] !== null) {
    throw new ApiError('server', messageIn(chunk) ?? data.slice(0, 500));
  }
  const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined;
  if (isObject(choice)) {
    yield* deltas(choice['delta']);
    if (typeof choice['finish_reason'] === 'string') {
      yield { type: 'finish', reason: choice['finish_reason'] };
    }
  }
  if (isObject(chunk['usage'])) {
    yield { type: 'usage', usage: usage(chunk['usage']), timings: timings(chunk['timings']) };
  }
}

function* deltas(delta: unknown): Generator<ChatPart> {
  if (!isObject(delta)) {
    return;
  }
  const reasoning = delta['reasoning_content'];
  if (typeof reasoning === 'string' && reasoning !== '') {
    yield { type: 'reasoning', text: reasoning };
  }
  const content = delta['content'];
  if (typeof content === 'string' && content !== '') {
    yield { type: 'text', text: content };
  }
  const calls: unknown[] = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
  for (const [position, call] of calls.entries()) {
    if (isObject(call)) {
      const fn = isObject(call['function']) ? call['function'] : {};
      yield {
        type: 'call',
        index: typeof call['index'] === 'number' ? call['index'] : position,
        ...(typeof call['id'] === 'string' ? { id: call['id'] } : {}),
        ...(typeof fn['name'] === 'string' ? { name: fn['name'] } : {}),
        arguments: typeof fn['arguments'] === 'string' ? fn['arguments'] : '',
      };
    }
  }
}

function usage(from: Record<string, unknown>): Usage {
  const details = isObject(from['prompt_tokens_details']) ? from['prompt_tokens_details'] : {};
  return {
    promptTokens: number(from['prompt_tokens']) ?? 0,
    completionTokens: number(from['completion_tokens']) ?? 0,
    cachedTokens: number(details['cached_tokens']) ?? 0,
  };
}

function timings(from: unknown): Timings {
  const fields = isObject(from) ? from : {};
  const promptMillis = number(fields['prompt_ms']);
  const predictedMillis = number(fields['predicted_ms']);
  const tokensPerSecond = number(fields['predicted_per_second']);
  const ttftMillis = number(fields['ttft_ms']);
  return {
    ...(promptMillis === undefined ? {} : { promptMillis }),
    ...(predictedMillis === undefined ? {} : { predictedMillis }),
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    ...(ttftMillis === undefined ? {} : { ttftMillis }),
  };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
