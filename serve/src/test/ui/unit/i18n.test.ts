import { en, type Key } from '../../../main/ui/src/i18n/en';
import { languageFor, translate } from '../../../main/ui/src/i18n/i18n';
import { zh } from '../../../main/ui/src/i18n/zh';

const sources: Record<string, string> = import.meta.glob('../../../main/ui/src/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const code = Object.entries(sources)
  .filter(([path]) => !path.includes('/i18n/'))
  .map(([, text]) => text)
  .join('\n');

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)[|}]/g)].map((match) => match[1] ?? '').sort();

const keys = Object.keys(en) as Key[];

test('languages_haveTheSameKeys', () => {
  expect(Object.keys(zh).sort()).toEqual([...keys].sort());
});

test.each(keys)('%s_isThereInBothWithTheSameValues', (key) => {
  expect(en[key].trim()).not.toBe('');
  expect(zh[key].trim()).not.toBe('');
  expect([...new Set(names(zh[key]))]).toEqual([...new Set(names(en[key]))]);
});

test('chinese_isChinese', () => {
  const latin = keys.filter((key) => !/\p{Script=Han}/u.test(zh[key]));
  // Names that are the same everywhere.
  expect(latin.sort()).toEqual(['parameters.minP', 'parameters.topK', 'parameters.topP', 'schema.schema']);
});

test('everyKey_isUsed', () => {
  const computed = [/^age\./, /^nav\./, /^branch\.(previous|next)$/, /^stats\.\w+Label$/, /^parameters\./,
    /^connection\.\w+Short$/, /^schema\.(person|sentiment|recipe)$/,
    /^json\.(value|key|colon|comma|end)$/];
  const unused = keys.filter(
    (key) => !code.includes(`'${key}'`) && !computed.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

test('translate_valuesAndPlurals', () => {
  expect(translate('en', 'settings.imported', { count: 1 })).toBe('1 chat imported.');
  expect(translate('en', 'settings.imported', { count: 2 })).toBe('2 chats imported.');
  expect(translate('zh', 'branch.place', { n: 2, of: 3 })).toBe('第 2 个版本，共 3 个');
});

test('translate_valueWithBraces_isNotReadAgain', () => {
  expect(translate('en', 'chats.rename', { title: '{title}$&' })).toBe('Rename “{title}$&”');
});

test('languageFor_followsTheBrowserUnlessChosen', () => {
  expect(languageFor('system', ['zh-CN', 'en'])).toBe('zh');
  expect(languageFor('system', ['zh-Hant-TW'])).toBe('zh');
  expect(languageFor('system', ['de-DE', 'en-GB'])).toBe('en');
  expect(languageFor('system', ['fr'])).toBe('en');
  expect(languageFor('en', ['zh-CN'])).toBe('en');
});
