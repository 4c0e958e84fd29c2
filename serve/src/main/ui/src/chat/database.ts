import type { Chat } from './types';

/** Where chats are kept. What changes them resolves when the change is there for good. */
export interface ChatDatabase {
  all(): Promise<Chat[]>;
  get(id: string): Promise<Chat | undefined>;

  /**
   * Keeps what `make` gives for the chat that is kept now; nobody else changes it meanwhile. Gives
   * what is kept then: where `make` gives nothing, nothing is written.
   */
  change(id: string, make: (kept: Chat | undefined) => Chat | undefined): Promise<Chat | undefined>;

  /** Overwrites: for who has no time to look. */
  put(chat: Chat): Promise<void>;
  remove(id: string): Promise<void>;
}

const NAME = 'nearside';
const STORE = 'chats';

/** The browser's database. */
export class IndexedDatabase implements ChatDatabase {
  readonly #factory: IDBFactory;
  #opening: Promise<IDBDatabase> | undefined;
  #open: IDBDatabase | undefined;

  constructor(factory: IDBFactory) {
    this.#factory = factory;
    // Whoever asks first opens it again and hears of a failure; here it would be one of the page.
    this.#connect().catch(() => undefined);
  }

  async all(): Promise<Chat[]> {
    const database = this.#open ?? (await this.#connect());
    return (await settled(database.transaction(STORE).objectStore(STORE).getAll())) as Chat[];
  }

  async get(id: string): Promise<Chat | undefined> {
    const database = this.#open ?? (await this.#connect());
    const request = database.transaction(STORE).objectStore(STORE).get(id);
    return (await settled(request)) as Chat | undefined;
  }

  async change(
    id: string,
    make: (kept: Chat | undefined) => Chat | undefined,
  ): Promise<Chat | undefined> {
    const database = this.#open ?? (await this.#connect());
    const transaction = database.transaction(STORE, 'readwrite');
    const chats = transaction.objectStore(STORE);
    const request: IDBRequest<Chat | undefined> = chats.get(id);
    let made: Chat | undefined;
    request.onsuccess = () => {
      made = make(request.result);
      if (made) {
        chats.put(made);
      }
    };
    await completed(transaction);
    return made;
  }

  // Here and in remove, once the database is open, nothing is awaited, and the transaction does not
  // wait until the page has heard of its request: a page that goes away has no later.
  async put(chat: Chat): Promise<void> {
    const database = this.#open ?? (await this.#connect());
    const transaction = database.transaction(STORE, 'readwrite');
    transaction.objectStore(STORE).put(chat);
    transaction.commit();
    await completed(transaction);
  }

  async remove(id: string): Promise<void> {
    const database = this.#open ?? (await this.#connect());
    const transaction = database.transaction(STORE, 'readwrite');
    transaction.objectStore(STORE).delete(id);
    transaction.commit();
    await completed(transaction);
  }

  /** The connection; one that could not be made, or that the browser closed, is made again. */
  #connect(): Promise<IDBDatabase> {
    const forget = (): void => {
      this.#opening = undefined;
      this.#open = undefined;
    };
    this.#opening ??= open(this.#factory).then(
      (database) => {
        database.onclose = forget;
        this.#open = database;
        return database;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    return this.#opening;
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

/** A request that succeeded is not yet kept: the disk may be full when all is committed. */
function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
}
