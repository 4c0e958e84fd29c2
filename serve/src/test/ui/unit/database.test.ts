import { newChat, newMessage } from '../../../main/ui/src/chat/create';
import { IndexedDatabase } from '../../../main/ui/src/chat/database';
import { ChatStore } from '../../../main/ui/src/chat/store';
import { BroadcastTabs } from '../../../main/ui/src/chat/tabs';
import { append } from '../../../main/ui/src/chat/tree';

const chat = newChat({ model: 'm', system: '', parameters: {} });

function fail(error: unknown): void {
  throw error;
}

afterEach(async () => {
  vi.restoreAllMocks();
  const database = new IndexedDatabase(indexedDB);
  await Promise.all((await database.all()).map(({ id }) => database.remove(id)));
});

test('IndexedDatabase_keepsAndForgets', async () => {
  const database = new IndexedDatabase(indexedDB);
  await database.put(chat);
  await database.put({ ...chat, title: 'again' });
  expect(await new IndexedDatabase(indexedDB).all()).toEqual([{ ...chat, title: 'again' }]);
  expect(await database.get(chat.id)).toEqual({ ...chat, title: 'again' });
  await database.remove(chat.id);
  expect(await database.all()).toEqual([]);
  expect(await database.get(chat.id)).toBeUndefined();
});

test('change_seesWhatIsKept_andMayKeepNothing', async () => {
  const database = new IndexedDatabase(indexedDB);
  expect(await database.change(chat.id, (kept) => kept)).toBeUndefined();
  expect(await database.all()).toEqual([]);
  await database.change(chat.id, () => chat);
  const counts = [1, 2, 3].map(() =>
    new IndexedDatabase(indexedDB).change(chat.id, (kept) => kept && { ...kept, updated: kept.updated + 1 }),
  );
  await Promise.all(counts);
  expect((await database.get(chat.id))?.updated).toBe(chat.updated + 3);
});

test('writeThatIsAbortedAfterItsRequestSucceeded_isAFailure', async () => {
  const database = new IndexedDatabase(indexedDB);
  // Left to itself a transaction commits when its requests have been answered: time for an abort.
  vi.spyOn(IDBTransaction.prototype, 'commit').mockReturnValue();
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown) {
    const request = put.call(this, value);
    request.addEventListener('success', () => this.transaction.abort());
    return request;
  });
  await expect(database.put(chat)).rejects.toThrow();
  await expect(database.change(chat.id, () => chat)).rejects.toThrow();
  vi.restoreAllMocks();
  expect(await database.all()).toEqual([]);
});

test('databaseThatCouldNotBeOpened_isOpenedAgain', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new Error('no room');
  });
  const database = new IndexedDatabase(indexedDB);
  await expect(database.put(chat)).rejects.toThrow('no room');
  open.mockRestore();
  await database.put(chat);
  expect(await database.all()).toEqual([chat]);
});

test('connectionThatTheBrowserClosed_isMadeAgain', async () => {
  const open = vi.spyOn(indexedDB, 'open');
  const database = new IndexedDatabase(indexedDB);
  await database.put(chat);
  const connection = (open.mock.results[0]!.value as IDBOpenDBRequest).result;
  connection.close();
  await expect(database.get(chat.id)).rejects.toThrow();
  // A browser that closes a connection by itself says so, as nothing in a test can.
  connection.onclose?.(new Event('close'));
  expect(await database.get(chat.id)).toEqual(chat);
});

test('twoTabs_overTheBrowsersOwnMeans_agree', async () => {
  const channels = [1, 2].map(() => new BroadcastChannel('test'));
  const [left, right] = channels.map(
    (channel) => new ChatStore(new IndexedDatabase(indexedDB), new BroadcastTabs(channel), fail),
  ) as [ChatStore, ChatStore];
  const { id } = left.create({ model: 'm', system: '', parameters: {} });
  left.flush();
  await vi.waitFor(() => expect(right.get(id)).toBeDefined());
  const say = (store: ChatStore, content: string): void =>
    store.update(id, (now) => append(now, newMessage('user', null, content)));
  say(left, 'of the left');
  say(right, 'of the right');
  for (const store of [left, right]) {
    await vi.waitFor(() => expect(Object.keys(store.get(id)?.messages ?? {})).toHaveLength(2));
  }
  right.remove(id);
  await vi.waitFor(() => expect(left.get(id)).toBeUndefined());
  expect(await new IndexedDatabase(indexedDB).all()).toEqual([]);
  channels.forEach((channel) => channel.close());
});
