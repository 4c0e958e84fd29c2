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
  readonly #opening: Promise<IDBDatabase>;
  #open: IDBDatabase | undefined;

  constructor(factory: IDBFactory) {
    this.#opening = open(factory);
    // Whoever asks first hears of a failure; unheard until then it would be an error of the page.
    this.#opening.then(
      (database) => (this.#open = database),
      () => undefined,
    );
  }

  async all(): Promise<Chat[]> {
    const database = this.#open ?? (await this.#opening);
    return (await settled(database.transaction(STORE).objectStore(STORE).getAll())) as Chat[];
  }

  // Once the database is open nothing is awaited before the request: a page that goes away has no
  // later.
  async put(chat: Chat): Promise<void> {
    const database = this.#open ?? (await this.#opening);
    await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).put(chat));
  }

  async remove(id: string): Promise<void> {
    const database = this.#open ?? (await this.#opening);
    await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).delete(id));
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
