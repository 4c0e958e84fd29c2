import type { Chat } from './types';

/** Where chats are kept. */
export interface ChatDatabase {
  all(): Promise<Chat[]>;
  put(chat: Chat): Promise<void>;
  remove(id: string): Promise<void>;
}

const NAME = 'nearside';
const STORE = 'chats';

/** The browser's database. */
export class IndexedDatabase implements ChatDatabase {
  readonly #db: Promise<IDBDatabase>;

  constructor(factory: IDBFactory) {
    this.#db = open(factory);
    // Whoever asks first hears of a failure; unheard until then it would be an error of the page.
    this.#db.catch(() => undefined);
  }

  async all(): Promise<Chat[]> {
    const store = (await this.#db).transaction(STORE).objectStore(STORE);
    return (await settled(store.getAll())) as Chat[];
  }

  async put(chat: Chat): Promise<void> {
    await settled((await this.#db).transaction(STORE, 'readwrite').objectStore(STORE).put(chat));
  }

  async remove(id: string): Promise<void> {
    await settled((await this.#db).transaction(STORE, 'readwrite').objectStore(STORE).delete(id));
  }
}

async function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}
