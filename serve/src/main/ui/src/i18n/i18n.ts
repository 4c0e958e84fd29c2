import { Observable } from '../core/observable';
import type { LanguageChoice, Preferences } from '../core/preferences';
import { en, type Key } from './en';
import { zh } from './zh';

export type Language = 'en' | 'zh';
export type Values = Record<string, string | number>;

const TEXTS: Record<Language, Record<Key, string>> = { en, zh };

/**
 * The text of a key. `{name}` stands for a value; `{count|one|many}` for the first word where the
 * value is 1, else the second.
 */
export function translate(language: Language, key: Key, values: Values = {}): string {
  return TEXTS[language][key].replace(
    /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g,
    (_, name: string, one?: string, many?: string) => {
      const value = values[name];
      if (one === undefined || many === undefined) {
        return value === undefined ? `{${name}}` : String(value);
      }
      return value === 1 || value === '1' ? one : many;
    },
  );
}

/** The first of the wished languages that there are texts in; English where there is none. */
export function languageFor(choice: LanguageChoice, wished: readonly string[]): Language {
  if (choice !== 'system') {
    return choice;
  }
  for (const tag of wished) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'zh' || primary === 'en') {
      return primary;
    }
  }
  return 'en';
}

/** The language of the page, which follows the preferences. */
export class I18n extends Observable {
  #language: Language;

  constructor(preferences: Preferences, wished: readonly string[], root: HTMLElement) {
    super();
    const current = (): Language => languageFor(preferences.get('language'), wished);
    this.#language = current();
    root.lang = tag(this.#language);
    preferences.subscribe(() => {
      if (current() !== this.#language) {
        this.#language = current();
        root.lang = tag(this.#language);
        this.changed();
      }
    });
  }

  get language(): Language {
    return this.#language;
  }

  t(key: Key, values?: Values): string {
    return translate(this.#language, key, values);
  }
}

function tag(language: Language): string {
  return language === 'zh' ? 'zh-Hans' : 'en';
}
