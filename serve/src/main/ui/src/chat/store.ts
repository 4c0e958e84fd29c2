import { newId } from '../core/ids';
import { Observable } from '../core/observable';
import { throttle, type Throttled } from '../core/throttle';
import { newChat, type ChatSettings } from './create';
import type { ChatDatabase } from './database';
import { titleFrom } from './title';
import { path } from './tree';
import type { Chat } from './types';

const SAVE_MILLIS = 500;

/** All chats of this browser, here and in its database. */
export class ChatStore extends Observable {
  readonly #database: ChatDatabase;
  readonly #onFailure: (error: unknown) => void;
  readonly #unsaved = new Set<string>();
  readonly #save: Throttled;
  #chats = new Map<string, Chat>();

  constructor(database: ChatDatabase, onFailure: (error: unknown) => void) {
    super();
    this.#database = database;
    this.#onFailure = onFailure;
    this.#save = throttle(SAVE_MILLIS, () => void this.#write());
  }

  async load(): Promise<void> {
    try {
      const stored = await this.#database.all();
      this.#chats = new Map([...stored.map((chat) => [chat.id, chat] as const), ...this.#chats]);
      this.changed();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** The latest first. */
  get all(): Chat[] {
    return [...this.#chats.values()].sort((a, b) => b.updated - a.updated);
  }

  get(id: string | undefined): Chat | undefined {
    return id === undefined ? undefined : this.#chats.get(id);
  }

  create(settings: ChatSettings): Chat {
    const chat = newChat(settings);
    this.#set(chat);
    return chat;
  }

  /** Changes a chat that is there and keeps it; none that has been deleted comes back by it. */
  update(id: string, change: (chat: Chat) => Chat): void {
    this.updateOften(id, change);
    this.flush();
  }

  /** The same for a reply that grows: it is written once in a while. */
  updateOften(id: string, change: (chat: Chat) => Chat): void {
    const chat = this.#chats.get(id);
    if (chat) {
      this.#set(titled(change(chat)));
    }
  }

  rename(id: string, title: string): void {
    const name = title.trim();
    this.update(id, (chat) => ({ ...chat, title: name, isNamed: name !== '' }));
  }

  async remove(id: string): Promise<void> {
    this.#chats.delete(id);
    this.#unsaved.delete(id);
    this.changed();
    try {
      await this.#database.remove(id);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Takes chats in; one whose id is taken gets another, so that nothing is overwritten. */
  import(chats: readonly Chat[]): void {
    for (const chat of chats) {
      this.#set(this.#chats.has(chat.id) ? { ...chat, id: newId() } : chat);
    }
  }

  /** Chats in which all words of the query occur, in the title or in any message. */
  search(query: string): Chat[] {
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return words.length === 0 ? this.all : this.all.filter((chat) => matches(chat, words));
  }

  /** Writes now what waits to be written. */
  flush(): void {
    this.#save.flush();
  }

  #set(chat: Chat): void {
    this.#chats.set(chat.id, chat);
    this.#unsaved.add(chat.id);
    this.changed();
    this.#save();
  }

  async #write(): Promise<void> {
    const chats = [...this.#unsaved].map((id) => this.#chats.get(id)).filter((chat) => !!chat);
    this.#unsaved.clear();
    try {
      await Promise.all(chats.map((chat) => this.#database.put(chat)));
    } catch (error) {
      this.#onFailure(error);
    }
  }
}

function titled(chat: Chat): Chat {
  if (chat.isNamed) {
    return chat;
  }
  const title = titleFrom(path(chat)[0]?.content ?? '');
  return title === chat.title ? chat : { ...chat, title };
}

function matches(chat: Chat, words: readonly string[]): boolean {
  const texts = [chat.title, ...Object.values(chat.messages).map((message) => message.content)];
  const all = texts.join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}
