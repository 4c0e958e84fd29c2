import { Observable } from './observable';
import type { Parameters } from '../chat/types';

export type Theme = 'system' | 'light' | 'dark';
export type LanguageChoice = 'system' | 'en' | 'zh';

interface Values {
  theme: Theme;
  language: LanguageChoice;
  key: string;
  model: string;
  system: string;
  parameters: Parameters;
  showParameters: boolean;
  schemaDraft: string;
  toolsDraft: string;
}

const DEFAULTS: Values = {
  theme: 'system',
  language: 'system',
  key: '',
  model: '',
  system: '',
  parameters: {},
  showParameters: false,
  schemaDraft: '',
  toolsDraft: '',
};

const STORAGE_KEY = 'nearside.preferences';

/** What the user has chosen in this browser. */
export class Preferences extends Observable {
  readonly #storage: Storage;
  #values: Values;

  constructor(storage: Storage) {
    super();
    this.#storage = storage;
    this.#values = { ...DEFAULTS, ...read(storage) };
  }

  get<K extends keyof Values>(name: K): Values[K] {
    return this.#values[name];
  }

  set<K extends keyof Values>(name: K, value: Values[K]): void {
    this.#values = { ...this.#values, [name]: value };
    try {
      this.#storage.setItem(STORAGE_KEY, JSON.stringify(this.#values));
    } catch {
      // Storage that is full or forbidden: the choice holds until the page is left.
    }
    this.changed();
  }
}

/** Only fields of the right type count: an older or newer page may have written others. */
function read(storage: Storage): Partial<Values> {
  try {
    const stored = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}') as Record<string, unknown>;
    const known = Object.entries(DEFAULTS).filter(
      ([name, value]) => typeof stored[name] === typeof value && stored[name] !== null,
    );
    return Object.fromEntries(known.map(([name]) => [name, stored[name]])) as Partial<Values>;
  } catch {
    return {};
  }
}
