import { isObject } from '../core/json';
import { ROOT, type Chat, type Message, type Parameters, type Role, type ToolCall } from './types';

const FORMAT = 'nearside-chats';
const VERSION = 1;

export function exportChats(chats: readonly Chat[]): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, chats }, null, 2);
}

/** A file that is no export of chats, or a broken one. `where` names the place. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(readonly where: string) {
    super(`not an export of chats: ${where}`);
  }
}

/** The chats in an exported file. Every field is checked: the file may come from anywhere. */
export function importChats(text: string): Chat[] {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new ArchiveError('JSON');
  }
  if (!isObject(root) || root['format'] !== FORMAT) {
    throw new ArchiveError('format');
  }
  if (root['version'] !== VERSION) {
    throw new ArchiveError('version');
  }
  const chats = root['chats'];
  if (!Array.isArray(chats)) {
    throw new ArchiveError('chats');
  }
  return chats.map((chat, index) => readChat(chat, `chats[${index}]`));
}

function readChat(value: unknown, where: string): Chat {
  const from = object(value, where);
  const messages: Record<string, Message> = {};
  for (const [id, message] of Object.entries(object(from['messages'], `${where}.messages`))) {
    messages[id] = readMessage(message, id, `${where}.messages.${id}`);
  }
  for (const message of Object.values(messages)) {
    if (message.parent !== null && !messages[message.parent]) {
      throw new ArchiveError(`${where}.messages.${message.id}.parent`);
    }
  }
  const shown = Object.entries(object(from['shown'], `${where}.shown`)).filter(
    ([parent, child]) =>
      (parent === ROOT || messages[parent]) && typeof child === 'string' && messages[child],
  );
  return {
    id: text(from['id'], `${where}.id`),
    title: text(from['title'], `${where}.title`),
    isNamed: from['isNamed'] === true,
    created: number(from['created'], `${where}.created`),
    updated: number(from['updated'], `${where}.updated`),
    model: text(from['model'], `${where}.model`),
    system: text(from['system'], `${where}.system`),
    parameters: readParameters(object(from['parameters'], `${where}.parameters`)),
    messages,
    shown: Object.fromEntries(shown) as Record<string, string>,
  };
}

function readMessage(value: unknown, id: string, where: string): Message {
  const from = object(value, where);
  if (from['id'] !== id) {
    throw new ArchiveError(`${where}.id`);
  }
  const parent = from['parent'];
  return {
    id,
    parent: parent === null ? null : text(parent, `${where}.parent`),
    role: role(from['role'], `${where}.role`),
    content: text(from['content'], `${where}.content`),
    created: number(from['created'], `${where}.created`),
    ...(typeof from['reasoning'] === 'string' ? { reasoning: from['reasoning'] } : {}),
    ...(Array.isArray(from['calls'])
      ? { calls: from['calls'].map((call, i) => readCall(call, `${where}.calls[${i}]`)) }
      : {}),
    ...(typeof from['callId'] === 'string' ? { callId: from['callId'] } : {}),
    ...(typeof from['model'] === 'string' ? { model: from['model'] } : {}),
    ...(isObject(from['stats']) ? { stats: numbers(from['stats']) } : {}),
    ...(typeof from['finish'] === 'string' ? { finish: from['finish'] } : {}),
  };
}

function readCall(value: unknown, where: string): ToolCall {
  const from = object(value, where);
  return {
    id: text(from['id'], `${where}.id`),
    name: text(from['name'], `${where}.name`),
    arguments: text(from['arguments'], `${where}.arguments`),
  };
}

function readParameters(from: Record<string, unknown>): Parameters {
  const stop = from['stop'];
  const thinking = from['thinking'];
  return {
    ...numbers(from),
    ...(Array.isArray(stop) ? { stop: stop.filter((item) => typeof item === 'string') } : {}),
    ...(thinking === 'on' || thinking === 'off' ? { thinking } : {}),
  };
}

function numbers(from: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(from).filter(([, value]) => typeof value === 'number' && Number.isFinite(value)),
  ) as Record<string, number>;
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (!isObject(value)) {
    throw new ArchiveError(where);
  }
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') {
    throw new ArchiveError(where);
  }
  return value;
}

function number(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ArchiveError(where);
  }
  return value;
}

function role(value: unknown, where: string): Role {
  if (value !== 'user' && value !== 'assistant' && value !== 'tool') {
    throw new ArchiveError(where);
  }
  return value;
}
