import { IndexedDatabase } from '../../../main/ui/src/chat/database';
import { newMessage } from '../../../main/ui/src/chat/create';
import { ChatStore } from '../../../main/ui/src/chat/store';
import { append } from '../../../main/ui/src/chat/tree';
import { MemoryDatabase } from './fakes';

const SETTINGS = { model: 'm', system: '', parameters: {} };

function fail(error: unknown): void {
  throw error;
}

describe('ChatStore', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('firstMessage_givesTheTitle_untilRenamed', () => {
    const store = new ChatStore(new MemoryDatabase(), fail);
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
    const put = vi.spyOn(database, 'put');
    const store = new ChatStore(database, fail);
    const { id } = store.create(SETTINGS);
    store.flush();
    put.mockClear();
    for (let i = 0; i < 100; i++) {
      store.updateOften(id, (chat) => ({ ...chat, title: String(i), isNamed: true }));
    }
    expect(put).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(put).toHaveBeenCalledTimes(1);
    expect(database.chats.get(id)?.title).toBe('99');
  });

  test('change_ofTheUser_isWrittenAtOnce', () => {
    const database = new MemoryDatabase();
    const store = new ChatStore(database, fail);
    const { id } = store.create(SETTINGS);
    store.rename(id, 'kept');
    expect(database.chats.get(id)?.title).toBe('kept');
  });

  test('removedChat_isNotWrittenBack', async () => {
    const database = new MemoryDatabase();
    const store = new ChatStore(database, fail);
    const { id } = store.create(SETTINGS);
    await store.remove(id);
    store.update(id, (chat) => ({ ...chat, title: 'ghost' }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(database.chats.size).toBe(0);
    expect(store.all).toEqual([]);
  });

  test('import_takenId_overwritesNothing', () => {
    const store = new ChatStore(new MemoryDatabase(), fail);
    const mine = store.create(SETTINGS);
    store.import([{ ...mine, title: 'other', isNamed: true }]);
    expect(store.all).toHaveLength(2);
    expect(store.get(mine.id)?.title).toBe('');
  });

  test('search_allWordsAnywhere', () => {
    const store = new ChatStore(new MemoryDatabase(), fail);
    const first = store.create(SETTINGS);
    const second = store.create(SETTINGS);
    store.update(first.id, (chat) => append(chat, newMessage('user', null, 'Green tea from Hangzhou')));
    store.update(second.id, (chat) => append(chat, newMessage('user', null, '龙井茶 and coffee')));
    expect(store.search('TEA hang').map((chat) => chat.id)).toEqual([first.id]);
    expect(store.search('龙井').map((chat) => chat.id)).toEqual([second.id]);
    expect(store.search('tea coffee')).toEqual([]);
    expect(store.search('  ')).toHaveLength(2);
  });

  test('failureOfTheDatabase_isTold', async () => {
    const database = new MemoryDatabase();
    vi.spyOn(database, 'put').mockRejectedValue(new Error('full'));
    const told: unknown[] = [];
    const store = new ChatStore(database, (error) => told.push(error));
    store.create(SETTINGS);
    await vi.advanceTimersByTimeAsync(2000);
    expect(String(told[0])).toContain('full');
  });
});

test('IndexedDatabase_keepsAndForgets', async () => {
  const store = new ChatStore(new MemoryDatabase(), fail);
  const chat = store.create(SETTINGS);
  const database = new IndexedDatabase(indexedDB);
  await database.put(chat);
  await database.put({ ...chat, title: 'again' });
  expect(await new IndexedDatabase(indexedDB).all()).toEqual([{ ...chat, title: 'again' }]);
  await database.remove(chat.id);
  expect(await database.all()).toEqual([]);
});
