import { parseJson } from '../../../main/ui/src/core/json';
import { findFault } from '../../../main/ui/src/core/json-fault';

test.each([
  ['', 1, 1, 'value'],
  ['{', 1, 2, 'key'],
  ['{"a"', 1, 5, 'colon'],
  ['{"a":}', 1, 6, 'value'],
  ['{"a":1', 1, 7, 'comma'],
  ['{"a":1,}', 1, 8, 'key'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'comma'],
  ['[1,]', 1, 4, 'value'],
  ['[1 2]', 1, 4, 'comma'],
  ['[1}', 1, 3, 'comma'],
  ["{'a':1}", 1, 2, 'key'],
  ['{"a":01}', 1, 6, 'value'],
  ['"a\nb"', 1, 1, 'value'],
  ['nulL', 1, 1, 'value'],
  ['{} x', 1, 4, 'end'],
  ['[[[', 1, 4, 'value'],
])('fault_%j_isAtLine%iColumn%i', (text, line, column, expected) => {
  expect(parseJson(text)).toEqual({ ok: false, fault: { line, column, expected } });
});

test('findFault_whatParses_hasNone', () => {
  const texts = ['{}', '[]', ' [ ] ', '{"a":[1,-0.5e+3,true,null,"\\u00e9\\n"],"b":{"c":{}}}', '"x"', '0'];
  for (const text of texts) {
    JSON.parse(text);
    expect(findFault(text), text).toEqual({ offset: text.length, expected: 'end' });
  }
});

test('findFault_deepNesting_doesNotOverflow', () => {
  expect(findFault('['.repeat(100_000)).offset).toBe(100_000);
});

// Whatever is done to a document: a fault is found exactly where the engine finds one too.
test('findFault_agreesWithTheEngine_onMutations', () => {
  const source = '{"a": [1, 2.5e3, "x\\ny", {"b": null}], "c": true, "d": {"e": []}}';
  const letters = '{}[]",:0e-.tn \n\\';
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  let broken = 0;
  for (let round = 0; round < 5000; round++) {
    const at = random(source.length);
    const text = source.slice(0, at) + letters[random(letters.length)] + source.slice(at + random(3));
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    broken += isJson ? 0 : 1;
    const { offset, expected } = findFault(text);
    expect(offset === text.length && expected === 'end', text).toBe(isJson);
  }
  expect(broken).toBeGreaterThan(1000);
});
