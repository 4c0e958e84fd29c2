import type { JsonFault } from '../core/json';
import type { Key } from '../i18n/en';
import type { Values } from '../i18n/i18n';

/** What is wrong with a draft, in words of the page's languages. */
export interface DraftFault {
  key: Key;
  values: Values;
}

export function syntaxFault({ expected, line, column }: JsonFault): DraftFault {
  return { key: `json.${expected}`, values: { line, column } };
}
