import { newId } from '../core/ids';
import { Observable } from '../core/observable';
import { throttle, type Throttled } from '../core/throttle';
import { newChat, type ChatSettings } from './create';
import type { ChatDatabase } from './database';
import { merge } from './merge';
import type { Tabs } from './tabs';
import { titled } from './title';
import type { Chat } from './types';

const SAVE_MILLIS = 500;
const RETRY_MILLIS = 10_000;

/**
 * All chats of this browser, here and in its database, which other tabs write to as well. Every
 * tab lays what it changed over what is kept, and tells the others, who take it from there.
 */
export class ChatStore extends Observable {
  readonly #database: ChatDatabase;
  readonly #tabs: Tabs;
  readonly #onFailure: (error: unknown) => void;
  readonly #save: Throttled;
  readonly #retry: Throttled;
  readonly #chats = new Map<string, Chat>();
  /** The chats as they are kept, as far as this tab knows: what its changes are measured by. */
  readonly #kept = new Map<string, Chat>();
  /** What waits to be written; one of these that is not among the chats has been removed. */
  readonly #unsaved = new Set<string>();
  /** What is being written now. */
  #writing: ReadonlySet<string> = new Set();
  #isDue = false;

  constructor(database: ChatDatabase, tabs: Tabs, onFailure: (error: unknown) => void) {
    super();
    this.#database = database;
    this.#tabs = tabs;
    this.#onFailure = onFailure;
    this.#save = throttle(SAVE_MILLIS, () => void this.#write());
    this.#retry = throttle(RETRY_MILLIS, () => void this.#write());
    tabs.listen((id) => void this.#read(id));
  }

  /** Reads all that is kept; again after a time in which no news came. */
  async load(): Promise<void> {
    try {
      const kept = await this.#database.all();
      const ids = new Set(kept.map((chat) => chat.id));
      [...this.#kept.keys()].filter((id) => !ids.has(id)).forEach((id) => this.#forget(id));
      kept.forEach((chat) => this.#receive(chat));
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

  remove(id: string): void {
    if (this.#chats.delete(id)) {
      this.#unsaved.add(id);
      this.changed();
      void this.#write();
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

  /**
   * Writes when the page goes away: nothing can be read first, and no answer will come. What
   * another tab wrote a moment ago may be overwritten; it hears of that, and writes it again.
   */
  leave(): void {
    for (const id of new Set([...this.#writing, ...this.#unsaved])) {
      const chat = this.#chats.get(id);
      (chat ? this.#database.put(chat) : this.#database.remove(id)).catch(this.#onFailure);
      this.#tabs.tell(id);
    }
  }

  #set(chat: Chat): void {
    this.#chats.set(chat.id, chat);
    this.#unsaved.add(chat.id);
    this.changed();
    this.#save();
  }

  /** One write at a time, so that each knows what the one before it has kept. */
  async #write(): Promise<void> {
    if (this.#writing.size > 0) {
      this.#isDue = true;
      return;
    }
    this.#isDue = false;
    if (this.#unsaved.size === 0) {
      return;
    }
    const ids = [...this.#unsaved];
    this.#unsaved.clear();
    this.#writing = new Set(ids);
    const ends = await Promise.allSettled(ids.map((id) => this.#writeOne(id)));
    this.#writing = new Set();
    this.changed();
    const failed = ids.filter((_, i) => ends[i]?.status === 'rejected');
    failed.forEach((id) => this.#unsaved.add(id));
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure) {
      this.#retry();
      this.#onFailure(failure.reason);
    }
    if (this.#isDue) {
      void this.#write();
    }
  }

  async #writeOne(id: string): Promise<void> {
    const mine = this.#chats.get(id);
    const base = this.#kept.get(id);
    if (!mine) {
      await this.#database.remove(id);
      this.#kept.delete(id);
      this.#tabs.tell(id);
      return;
    }
    const kept = await this.#database.change(id, (theirs) => {
      if (!theirs) {
        // One that was kept and is no more has been removed by another tab.
        return base ? undefined : mine;
      }
      return merge(base, mine, theirs);
    });
    const now = this.#chats.get(id);
    if (!kept) {
      this.#forget(id);
    } else if (now) {
      this.#chats.set(id, merge(mine, now, kept));
      this.#kept.set(id, kept);
      this.#tabs.tell(id);
    }
  }

  async #read(id: string): Promise<void> {
    try {
      const theirs = await this.#database.get(id);
      if (theirs) {
        this.#receive(theirs);
      } else if (this.#kept.has(id)) {
        this.#forget(id);
      }
      this.changed();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #receive(theirs: Chat): void {
    const { id } = theirs;
    const mine = this.#chats.get(id);
    // A write under way will give what is kept then; one that has been removed here will go there.
    if (this.#writing.has(id) || (!mine && this.#unsaved.has(id))) {
      return;
    }
    const merged = mine ? merge(this.#kept.get(id), mine, theirs) : theirs;
    this.#chats.set(id, merged);
    this.#kept.set(id, theirs);
    // A tab that left may have overwritten what this one wrote.
    if (Object.keys(merged.messages).length > Object.keys(theirs.messages).length) {
      this.#unsaved.add(id);
      this.#save();
    }
  }

  #forget(id: string): void {
    this.#chats.delete(id);
    this.#kept.delete(id);
    this.#unsaved.delete(id);
  }
}

function matches(chat: Chat, words: readonly string[]): boolean {
  const texts = [chat.title, ...Object.values(chat.messages).map((message) => message.content)];
  const all = texts.join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}
