import { newMessage } from '../../../main/ui/src/chat/create';
import { ChatStore } from '../../../main/ui/src/chat/store';
import { append } from '../../../main/ui/src/chat/tree';
import { FakeBrowser, MemoryDatabase } from './fakes';

const SETTINGS = { model: 'm', system: '', parameters: {} };

function fail(error: unknown): void {
  throw error;
}

function storeOf(database = new MemoryDatabase(), onFailure = fail): ChatStore {
  return new ChatStore(database, new FakeBrowser().tab(), onFailure);
}

describe('ChatStore', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('firstMessage_givesTheTitle_untilRenamed', () => {
    const store = storeOf();
    const { id } = store.create(SETTINGS);
    store.update(id, (chat) => append(chat, newMessage('user', null, '# Why is the sky blue?\nTell me.')));
    expect(store.get(id)?.title).toBe('Why is the sky blue?');
    store.rename(id, ' Sky ');
    store.update(id, (chat) => ({ ...chat, system: 'x' }));
    expect(store.get(id)?.title).toBe('Sky');
    store.rename(id, '');
    expect(store.get(id)?.title).toBe('Why is the sky blue?');
  });

  test('changesThatComeOften_areWrittenOnceAWhileLater', async () => {
    const database = new MemoryDatabase();
    const change = vi.spyOn(database, 'change');
    const store = storeOf(database);
    const { id } = store.create(SETTINGS);
    store.flush();
    await vi.advanceTimersByTimeAsync(2000);
    change.mockClear();
    for (let i = 0; i < 100; i++) {
      store.updateOften(id, (chat) => ({ ...chat, title: String(i), isNamed: true }));
    }
    expect(change).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(change).toHaveBeenCalledTimes(1);
    expect(database.chats.get(id)?.title).toBe('99');
  });

  test('change_ofTheUser_isWrittenAtOnce', () => {
    const database = new MemoryDatabase();
    const store = storeOf(database);
    const { id } = store.create(SETTINGS);
    store.rename(id, 'kept');
    expect(database.chats.get(id)?.title).toBe('kept');
  });

  test('removedChat_isNotWrittenBack', async () => {
    const database = new MemoryDatabase();
    const store = storeOf(database);
    const { id } = store.create(SETTINGS);
    store.remove(id);
    store.update(id, (chat) => ({ ...chat, title: 'ghost' }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(database.chats.size).toBe(0);
    expect(store.all).toEqual([]);
  });

  test('import_takenId_overwritesNothing', () => {
    const store = storeOf();
    const mine = store.create(SETTINGS);
    store.import([{ ...mine, title: 'other', isNamed: true }]);
    expect(store.all).toHaveLength(2);
    expect(store.get(mine.id)?.title).toBe('');
  });

  test('search_allWordsAnywhere', () => {
    const store = storeOf();
    const first = store.create(SETTINGS);
    const second = store.create(SETTINGS);
    store.update(first.id, (chat) => append(chat, newMessage('user', null, 'Green tea from Hangzhou')));
    store.update(second.id, (chat) => append(chat, newMessage('user', null, '龙井茶 and coffee')));
    expect(store.search('TEA hang').map((chat) => chat.id)).toEqual([first.id]);
    expect(store.search('龙井').map((chat) => chat.id)).toEqual([second.id]);
    expect(store.search('tea coffee')).toEqual([]);
    expect(store.search('  ')).toHaveLength(2);
  });

  test('changesDuringAWrite_areWrittenAfterIt', async () => {
    const database = new MemoryDatabase();
    const store = storeOf(database);
    const { id } = store.create(SETTINGS);
    store.rename(id, 'first');
    store.rename(id, 'second');
    expect(database.chats.get(id)?.title).toBe('first');
    await vi.advanceTimersByTimeAsync(0);
    expect(database.chats.get(id)?.title).toBe('second');
    expect(store.get(id)?.title).toBe('second');
  });

  test('failedWrite_isToldAndTriedAgain', async () => {
    const database = new MemoryDatabase();
    const told: string[] = [];
    const store = storeOf(database, (error) => told.push(String(error)));
    const change = vi.spyOn(database, 'change').mockRejectedValue(new Error('full'));
    const { id } = store.create(SETTINGS);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual(['Error: full']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveLength(2);
    change.mockRestore();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(database.chats.has(id)).toBe(true);
    expect(told).toHaveLength(2);
  });

  test('failedRemoval_isToldAndTriedAgain', async () => {
    const database = new MemoryDatabase();
    const told: unknown[] = [];
    const store = storeOf(database, (error) => told.push(error));
    const { id } = store.create(SETTINGS);
    await vi.advanceTimersByTimeAsync(2000);
    vi.spyOn(database, 'remove').mockRejectedValueOnce(new Error('busy'));
    store.remove(id);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toHaveLength(1);
    expect(database.chats.has(id)).toBe(true);
    await store.load();
    expect(store.get(id)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(database.chats.size).toBe(0);
    expect(store.all).toEqual([]);
  });

  test('oneChatThatFails_keepsNoOtherFromBeingWritten', async () => {
    const database = new MemoryDatabase();
    const store = storeOf(database, () => undefined);
    vi.spyOn(database, 'change').mockRejectedValueOnce(new Error('odd'));
    store.create(SETTINGS);
    const other = store.create(SETTINGS);
    await vi.advanceTimersByTimeAsync(2000);
    expect([...database.chats.keys()]).toEqual([other.id]);
  });

  test('leave_writesAtOnce_alsoWhatIsBeingWritten', () => {
    const database = new MemoryDatabase();
    const store = storeOf(database);
    const { id } = store.create(SETTINGS);
    store.rename(id, 'first');
    store.updateOften(id, (chat) => ({ ...chat, title: 'second' }));
    store.leave();
    expect(database.chats.get(id)?.title).toBe('second');
  });
});
