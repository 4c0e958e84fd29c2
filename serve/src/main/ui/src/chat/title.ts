import { path } from './tree';
import type { Chat } from './types';

const LONGEST = 60;

/** A title out of a first message: its first line that says something, cut at a word. */
export function titleFrom(text: string): string {
  const line = text
    .split('\n')
    .map((part) => part.replace(/^[\s#>*`-]+/, '').replace(/\s+/g, ' ').trim())
    .find((part) => part !== '');
  if (line === undefined) {
    return '';
  }
  const letters = [...line];
  if (letters.length <= LONGEST) {
    return line;
  }
  const cut = letters.slice(0, LONGEST).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > LONGEST / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** The chat with the title that its first message gives, unless the user gave one. */
export function titled(chat: Chat): Chat {
  if (chat.isNamed) {
    return chat;
  }
  const title = titleFrom(path(chat)[0]?.content ?? '');
  return title === chat.title ? chat : { ...chat, title };
}
