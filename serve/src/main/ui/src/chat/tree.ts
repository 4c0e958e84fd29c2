import { ROOT, type Chat, type Message } from './types';

/*
 * A chat is a tree: editing a message or asking for another reply adds a sibling. What is shown is
 * one path from the root; `shown` says which child it takes at each fork. No message is ever taken
 * out: `merge` relies on it. All functions give new records and leave the given ones alone.
 */

/** Siblings of a message, itself among them, the oldest first. */
export interface Siblings {
  ids: string[];
  /** Where the message stands among them, from zero. */
  index: number;
}

export function children(chat: Chat, parent: string | null): Message[] {
  return Object.values(chat.messages)
    .filter((message) => message.parent === parent)
    .sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

/** The messages shown, from the first to the last. */
export function path(chat: Chat): Message[] {
  const shown: Message[] = [];
  const seen = new Set<string>();
  let next = shownChild(chat, null);
  while (next && !seen.has(next.id)) {
    seen.add(next.id);
    shown.push(next);
    next = shownChild(chat, next.id);
  }
  return shown;
}

/** The messages up to and including `id`, whether shown or not. */
export function pathTo(chat: Chat, id: string | null): Message[] {
  const found: Message[] = [];
  const seen = new Set<string>();
  let next = id === null ? undefined : chat.messages[id];
  while (next && !seen.has(next.id)) {
    seen.add(next.id);
    found.unshift(next);
    next = next.parent === null ? undefined : chat.messages[next.parent];
  }
  return found;
}

export function siblings(chat: Chat, message: Message): Siblings {
  const ids = children(chat, message.parent).map((sibling) => sibling.id);
  return { ids, index: ids.indexOf(message.id) };
}

/** The chat with a message more, which is shown. */
export function append(chat: Chat, message: Message): Chat {
  return {
    ...chat,
    updated: Math.max(chat.updated, message.created),
    messages: { ...chat.messages, [message.id]: message },
    shown: { ...chat.shown, [message.parent ?? ROOT]: message.id },
  };
}

/** The chat with another version of a message that it has. */
export function replace(chat: Chat, message: Message): Chat {
  return chat.messages[message.id]
    ? { ...chat, messages: { ...chat.messages, [message.id]: message } }
    : chat;
}

/** The chat with the branch shown that begins with `id`; below it, what was shown last. */
export function show(chat: Chat, id: string): Chat {
  const message = chat.messages[id];
  return message
    ? { ...chat, shown: { ...chat.shown, [message.parent ?? ROOT]: id } }
    : chat;
}

function shownChild(chat: Chat, parent: string | null): Message | undefined {
  const chosen = chat.messages[chat.shown[parent ?? ROOT] ?? ''];
  if (chosen && chosen.parent === parent) {
    return chosen;
  }
  return children(chat, parent).at(-1);
}
