import { newMessage } from '../../../main/ui/src/chat/create';
import { ChatStore } from '../../../main/ui/src/chat/store';
import { append, path, replace } from '../../../main/ui/src/chat/tree';
import type { Chat } from '../../../main/ui/src/chat/types';
import { FakeBrowser, MemoryDatabase } from './fakes';

const SETTINGS = { model: 'm', system: '', parameters: {} };

function fail(error: unknown): void {
  throw error;
}

function contents(chat: Chat | undefined): string[] {
  return Object.values(chat?.messages ?? {}).map((message) => message.content).sort();
}

const shown = (chat: Chat | undefined): string[] =>
  chat ? path(chat).map((message) => message.content) : [];

function say(store: ChatStore, id: string, content: string): void {
  store.update(id, (chat) => append(chat, newMessage('user', path(chat).at(-1)?.id ?? null, content)));
}

/** Until all that was said has been written and heard. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(2000);
}

describe('a chat in two tabs', () => {
  let database: MemoryDatabase;
  let left: ChatStore;
  let right: ChatStore;
  let id: string;

  /** Both tabs show a chat with one message. */
  async function open(browserOfRight?: FakeBrowser): Promise<void> {
    const browser = new FakeBrowser();
    database = new MemoryDatabase();
    left = new ChatStore(database, browser.tab(), fail);
    right = new ChatStore(database, (browserOfRight ?? browser).tab(), fail);
    id = left.create(SETTINGS).id;
    say(left, id, 'first');
    await settle();
    await right.load();
  }

  /** The same, but the tabs hear nothing of each other. */
  const openDeaf = (): Promise<void> => open(new FakeBrowser());

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('tabThatDoesNotWrite_takesOverWhatTheOtherWrote', async () => {
    await open();
    const changed = vi.fn();
    right.subscribe(changed);
    say(left, id, 'second');
    left.rename(id, 'Named');
    await settle();
    expect(changed).toHaveBeenCalled();
    expect(right.get(id)).toEqual(left.get(id));
    expect(shown(right.get(id))).toEqual(['first', 'second']);
  });

  test('newChat_comesToTheOtherTab', async () => {
    await open();
    const other = left.create(SETTINGS);
    await settle();
    expect(right.get(other.id)).toEqual(other);
  });

  test('messagesOfBoth_areKept_inTheDatabaseAndInBothTabs', async () => {
    await open();
    say(left, id, 'of the left');
    say(right, id, 'of the right');
    await settle();
    const all = ['first', 'of the left', 'of the right'];
    expect(contents(database.chats.get(id))).toEqual(all);
    expect(contents(left.get(id))).toEqual(all);
    expect(contents(right.get(id))).toEqual(all);
  });

  test('tabThatHeardNothing_stillOverwritesNothing', async () => {
    await openDeaf();
    say(left, id, 'of the left');
    await settle();
    say(right, id, 'of the right');
    await settle();
    const all = ['first', 'of the left', 'of the right'];
    expect(contents(database.chats.get(id))).toEqual(all);
    expect(contents(right.get(id))).toEqual(all);
    await left.load();
    expect(contents(left.get(id))).toEqual(all);
  });

  test('replyThatGrows_andAChatThatIsRenamed_bothStay', async () => {
    await open();
    const reply = newMessage('assistant', path(left.get(id)!)[0]!.id, '');
    left.update(id, (chat) => append(chat, reply));
    for (let i = 1; i <= 40; i++) {
      left.updateOften(id, (chat) => replace(chat, { ...reply, content: 'x'.repeat(i) }));
      if (i % 10 === 5) {
        right.rename(id, `name ${i}`);
      }
      await vi.advanceTimersByTimeAsync(50);
    }
    await settle();
    for (const chat of [database.chats.get(id), left.get(id), right.get(id)]) {
      expect(chat?.title).toBe('name 35');
      expect(shown(chat)).toEqual(['first', 'x'.repeat(40)]);
    }
  });

  test('repliesInBoth_growSideBySide', async () => {
    await open();
    const replies = [left, right].map((store) => {
      const reply = newMessage('assistant', path(store.get(id)!)[0]!.id, '');
      store.update(id, (chat) => append(chat, reply));
      return { store, reply };
    });
    for (let i = 1; i <= 60; i++) {
      replies.forEach(({ store, reply }, side) =>
        store.updateOften(id, (chat) => replace(chat, { ...reply, content: `${side}`.repeat(i) })),
      );
      await vi.advanceTimersByTimeAsync(37);
    }
    await settle();
    for (const chat of [database.chats.get(id), left.get(id), right.get(id)]) {
      expect(contents(chat)).toEqual(['0'.repeat(60), '1'.repeat(60), 'first']);
    }
  });

  test('newsDuringAWrite_doesNotUndoWhatTheWriteFinds', async () => {
    await open();
    const change = database.change.bind(database);
    vi.spyOn(database, 'change').mockImplementationOnce(async (of, make) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return change(of, make);
    });
    say(right, id, 'of the right');
    const reply = newMessage('assistant', path(left.get(id)!)[0]!.id, 'begun');
    left.update(id, (chat) => append(chat, reply));
    await vi.advanceTimersByTimeAsync(50);
    // What the right tab has heard of is no longer the latest when its write begins.
    database.chats.set(id, replace(database.chats.get(id)!, { ...reply, content: 'finished' }));
    await vi.advanceTimersByTimeAsync(50);
    expect(contents(right.get(id))).toEqual(['finished', 'first', 'of the right']);
  });

  test('removedChat_goesInTheOther', async () => {
    await open();
    left.remove(id);
    await settle();
    expect(right.get(id)).toBeUndefined();
    expect(database.chats.size).toBe(0);
  });

  test('removedChat_isNotWrittenBackByATabThatHeardNothing', async () => {
    await openDeaf();
    left.remove(id);
    await settle();
    say(right, id, 'ghost');
    await settle();
    expect(database.chats.size).toBe(0);
    expect(right.get(id)).toBeUndefined();
  });

  test('removedChat_doesNotComeBackByNewsOfTheOther', async () => {
    await open();
    say(right, id, 'last words');
    left.remove(id);
    await settle();
    expect(database.chats.size).toBe(0);
    expect(left.all).toEqual([]);
    expect(right.all).toEqual([]);
  });

  test('removedChat_thatIsImportedAgain_isThereInBoth', async () => {
    await open();
    const chat = left.get(id)!;
    left.remove(id);
    left.import([chat]);
    await settle();
    expect(right.get(id)).toEqual(chat);
    left.remove(id);
    await settle();
    left.import([chat]);
    await settle();
    expect(right.get(id)).toEqual(chat);
  });

  test('tabThatLeaves_overwritesWhatItDidNotHearOf_whichIsWrittenAgain', async () => {
    await open();
    say(left, id, 'of the left');
    right.updateOften(id, (chat) => append(chat, newMessage('user', path(chat).at(-1)!.id, 'of the right')));
    right.leave();
    expect(contents(database.chats.get(id))).toEqual(['first', 'of the right']);
    await settle();
    expect(contents(database.chats.get(id))).toEqual(['first', 'of the left', 'of the right']);
    expect(contents(left.get(id))).toEqual(['first', 'of the left', 'of the right']);
  });

  test('load_afterATimeWithoutNews_takesWhatIsNewAndWhatIsGone', async () => {
    await openDeaf();
    const other = left.create(SETTINGS);
    left.remove(id);
    await settle();
    const unsaved = right.create(SETTINGS);
    await right.load();
    expect(right.all.map((chat) => chat.id).sort()).toEqual([other.id, unsaved.id].sort());
  });

  test('failedWrite_losesNothingOfEitherTab', async () => {
    await open();
    vi.spyOn(database, 'change').mockRejectedValueOnce(new Error('full'));
    const told: unknown[] = [];
    right = new ChatStore(database, new FakeBrowser().tab(), (error) => told.push(error));
    await right.load();
    say(right, id, 'of the right');
    say(left, id, 'of the left');
    await settle();
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(contents(database.chats.get(id))).toEqual(['first', 'of the left', 'of the right']);
  });
});
