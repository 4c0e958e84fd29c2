/** What should have stood where the text stops being JSON. */
export type Expected = 'value' | 'key' | 'colon' | 'comma' | 'end';

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true|false|null/y;

/**
 * The first place where a text is not JSON (RFC 8259). It is made for texts that `JSON.parse` has
 * refused; on one that is JSON it gives the end.
 */
export function findFault(text: string): { offset: number; expected: Expected } {
  const open: ('[' | '{')[] = [];
  let at = 0;
  let expected = 'value' as Expected;
  let isFresh = false;

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    at += length;
    return length > 0;
  };
  const afterValue = (): void => {
    expected = open.length === 0 ? 'end' : 'comma';
  };

  for (;;) {
    take(SPACE);
    const letter = text[at];
    const inner = open.at(-1);
    const mayClose = expected === 'comma' || isFresh;
    isFresh = false;
    if (letter === undefined) {
      return { offset: at, expected };
    }
    if (expected === 'value' && (letter === '[' || letter === '{')) {
      open.push(letter);
      expected = letter === '[' ? 'value' : 'key';
      isFresh = true;
      at += 1;
    } else if (mayClose && closes(letter, inner)) {
      open.pop();
      at += 1;
      afterValue();
    } else if (expected === 'value' && (take(STRING) || take(SCALAR))) {
      afterValue();
    } else if (expected === 'key' && take(STRING)) {
      expected = 'colon';
    } else if (expected === 'colon' && letter === ':') {
      expected = 'value';
      at += 1;
    } else if (expected === 'comma' && letter === ',') {
      expected = inner === '[' ? 'value' : 'key';
      at += 1;
    } else {
      return { offset: at, expected };
    }
  }
}

function closes(letter: string, inner: string | undefined): boolean {
  return (letter === ']' && inner === '[') || (letter === '}' && inner === '{');
}
