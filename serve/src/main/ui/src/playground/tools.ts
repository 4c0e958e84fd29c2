import type { ToolChoice } from '../api/openai';
import type { Message } from '../chat/types';
import { newMessage } from '../chat/create';
import { isObject, parseJson, type Json } from '../core/json';
import { syntaxFault, type DraftFault } from './faults';

export type ToolsDraft =
  | { ok: true; tools: Json[]; names: string[] }
  | { ok: false; fault: DraftFault };

/**
 * Tools as the user wrote them: an array of OpenAI tools (`{"type":"function","function":{…}}`), or
 * of the functions alone, which get the wrapping.
 */
export function readTools(text: string): ToolsDraft {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    return { ok: false, fault: syntaxFault(parsed.fault) };
  }
  const list = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const tools: Json[] = [];
  const names: string[] = [];
  for (const [index, item] of list.entries()) {
    const fn = isObject(item) && isObject(item['function']) ? item['function'] : item;
    const name = isObject(fn) ? fn['name'] : undefined;
    if (typeof name !== 'string' || name === '') {
      return { ok: false, fault: { key: 'tools.noName', values: { n: index + 1 } } };
    }
    if (names.includes(name)) {
      return { ok: false, fault: { key: 'tools.twice', values: { name } } };
    }
    names.push(name);
    tools.push({ type: 'function', function: fn as Json });
  }
  return { ok: true, tools, names };
}

/** The value of the choice's select box: a word, or a function's name after `function:`. */
export function toChoice(value: string): ToolChoice {
  if (value === 'none' || value === 'required') {
    return value;
  }
  return value.startsWith('function:')
    ? { type: 'function', function: { name: value.slice('function:'.length) } }
    : 'auto';
}

/** The results that the user filled in, as messages that answer the calls of `reply`. */
export function resultMessages(reply: Message, results: ReadonlyMap<string, string>): Message[] {
  return (reply.calls ?? []).map((call, index) => ({
    ...newMessage('tool', reply.id, results.get(callKey(reply, index)) ?? ''),
    callId: call.id,
  }));
}

/** Calls are keyed by place: a model's identifiers need not differ. */
export function callKey(reply: Message, index: number): string {
  return `${reply.id}/${index}`;
}
