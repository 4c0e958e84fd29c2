import { byAge } from '../../../main/ui/src/chat/ages';
import { newChat } from '../../../main/ui/src/chat/create';
import { titleFrom } from '../../../main/ui/src/chat/title';
import { bytes, contextLength, rate, seconds } from '../../../main/ui/src/core/format';
import { Preferences } from '../../../main/ui/src/core/preferences';
import { href, parseRoute } from '../../../main/ui/src/core/router';
import { expiry } from '../../../main/ui/src/models/expiry';
import { filterCatalogue } from '../../../main/ui/src/models/filter';
import { segments } from '../../../main/ui/src/models/memory';
import { PullMeter } from '../../../main/ui/src/models/meter';

test('bytes_threeDigits', () => {
  expect([0, 999, 1000, 98_362_432, 999_600, 12_109_565_632, 5e15].map(bytes)).toEqual([
    '0 B', '999 B', '1.00 kB', '98.4 MB', '1.00 MB', '12.1 GB', '5000 TB',
  ]);
});

test('times_andRates', () => {
  expect([30, 999, 1500, 123_456].map(seconds)).toEqual(['0.03 s', '1.00 s', '1.5 s', '123 s']);
  expect([3.14159, 250.4].map(rate)).toEqual(['3.1', '250']);
  expect([512, 8192, 131_072].map(contextLength)).toEqual(['512', '8k', '128k']);
});

test('titleFrom_firstLineThatSaysSomething', () => {
  expect(titleFrom('\n\n## Hello\nworld')).toBe('Hello');
  expect(titleFrom('```\ncode\n```')).toBe('code');
  expect(titleFrom('   ')).toBe('');
  const long = titleFrom('word '.repeat(40));
  expect(long.length).toBeLessThanOrEqual(61);
  expect(long.endsWith('word…')).toBe(true);
  expect([...titleFrom('月'.repeat(100))]).toHaveLength(61);
  expect(titleFrom('🌙'.repeat(100))).toBe(`${'🌙'.repeat(60)}…`);
});

test('routes_thereAndBack', () => {
  for (const route of [{ page: 'chat' }, { page: 'chat', chat: 'a/b c' }, { page: 'models' }, { page: 'schema' }, { page: 'tools' }] as const) {
    expect(parseRoute(href(route))).toEqual(route);
  }
  expect(parseRoute('')).toEqual({ page: 'chat' });
  expect(parseRoute('#/nonsense/x')).toEqual({ page: 'chat' });
});

test('preferences_keepAndIgnoreWhatIsOfAnotherType', () => {
  localStorage.setItem('nearside.preferences', '{"theme":5,"key":"k","parameters":null,"odd":1}');
  const preferences = new Preferences(localStorage);
  expect(preferences.get('theme')).toBe('system');
  expect(preferences.get('key')).toBe('k');
  expect(preferences.get('parameters')).toEqual({});
  preferences.set('theme', 'dark');
  expect(new Preferences(localStorage).get('theme')).toBe('dark');
  localStorage.setItem('nearside.preferences', '{');
  expect(new Preferences(localStorage).get('theme')).toBe('system');
  localStorage.clear();
});

test('byAge_groupsByTheDayOfTheCalendar', () => {
  const now = new Date(2026, 10, 21, 0, 30);
  const at = (day: number, hour: number) =>
    ({ ...newChat({ model: '', system: '', parameters: {} }), updated: new Date(2026, 10, day, hour).getTime() });
  const groups = byAge([at(21, 0), at(20, 23), at(20, 1), at(15, 0), at(1, 0)], now);
  expect(groups.map((group) => [group.age, group.chats.length])).toEqual([
    ['today', 1], ['yesterday', 2], ['week', 1], ['older', 1],
  ]);
});

test('expiry_minutesOrNever', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(expiry('2026-11-21T12:04:30Z', now)).toEqual({ kind: 'minutes', minutes: 5 });
  expect(expiry('2026-11-21T11:59:00Z', now)).toEqual({ kind: 'minutes', minutes: 1 });
  expect(expiry('2318-01-01T00:00:00Z', now)).toEqual({ kind: 'never' });
  expect(expiry('0001-01-01T00:00:00Z', now)).toEqual({ kind: 'never' });
  expect(expiry(undefined, now)).toEqual({ kind: 'unknown' });
});

test('filterCatalogue_languageAndFit', () => {
  const entry = (name: string, languages: string[], fits: boolean, installed = false) =>
    ({ name, description: '', bytes: 1, languages, context: 1, fits, installed });
  const all = [entry('a', ['en'], true), entry('b', ['zh', 'en'], false), entry('c', ['zh'], false, true)];
  const names = (language: string, fits: boolean) => filterCatalogue(all, language, fits).map((one) => one.name);
  expect(names('all', false)).toEqual(['a', 'b', 'c']);
  expect(names('all', true)).toEqual(['a', 'c']);
  expect(names('zh', false)).toEqual(['b', 'c']);
});

test('segments_fillTheBudgetInOrder', () => {
  const system = (forModels: number) => ({
    version: '', cpu: '', kernels: '',
    memory: { total: 1000, forModels, used: 100 },
    loaded: [{ name: 'a', bytes: 40, kvBytes: 10 }, { name: 'b', bytes: 50, kvBytes: 0 }],
  });
  expect(segments(system(200)).map(({ from, width }) => [from, width])).toEqual([[0, 20], [20, 5], [25, 25]]);
  // More in use than the budget: the bar is full, and no more than full.
  expect(segments(system(50)).reduce((sum, part) => sum + part.width, 0)).toBe(100);
  expect(segments({ ...system(0), memory: { total: 0, forModels: 0, used: 0 }, loaded: [] })).toEqual([]);
});

test('PullMeter_sumsFilesAndMeasures', () => {
  let now = 0;
  const meter = new PullMeter(() => now);
  meter.accept({ status: 'x' });
  expect(meter.total).toBe(0);
  meter.accept({ status: 'd', digest: 'a', total: 100, completed: 0 });
  now = 1000;
  meter.accept({ status: 'd', digest: 'a', total: 100, completed: 50 });
  meter.accept({ status: 'd', digest: 'b', total: 200, completed: 25 });
  expect(meter.total).toBe(300);
  expect(meter.completed).toBe(75);
  expect(meter.bytesPerSecond).toBe(75);
});
