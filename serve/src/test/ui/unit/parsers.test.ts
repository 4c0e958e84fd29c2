import { LineParser } from '../../../main/ui/src/api/ndjson';
import { SseParser } from '../../../main/ui/src/api/sse';

/** The same text cut at every place, and into single characters. */
function cuts(text: string): string[][] {
  const two = Array.from({ length: text.length + 1 }, (_, i) => [text.slice(0, i), text.slice(i)]);
  return [...two, [...text]];
}

const feed = (parser: { push(piece: string): string[] }, pieces: string[]): string[] =>
  pieces.flatMap((piece) => parser.push(piece));

describe('SseParser', () => {
  test.each([
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['both', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['several lines', 'data: a\ndata: b\ndata\n\n', ['a\nb\n']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['two spaces: one is data', 'data:  a\n\n', [' a']],
    ['comments and other fields', ': hi\nevent: x\nid: 1\nretry: 5\ndata: a\n\n', ['a']],
    ['an event without data', 'event: x\n\n\n\ndata: a\n\n', ['a']],
    ['an event that nothing ended', 'data: a\n\ndata: b\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['text beyond the basic plane', 'data: 月🌙\n\n', ['月🌙']],
  ])('%s, cutAnywhere_givesTheEvents', (_, text, events) => {
    for (const pieces of cuts(text)) {
      expect(feed(new SseParser(), pieces), JSON.stringify(pieces)).toEqual(events);
    }
  });
});

describe('LineParser', () => {
  test('lines_cutAnywhere_areWhole', () => {
    for (const pieces of cuts('{"a":1}\r\n\n{"b":2}\n{"c":3}')) {
      const parser = new LineParser();
      expect([...feed(parser, pieces), ...parser.end()]).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
    }
  });

  test('end_withNothingLeft_isEmpty', () => {
    expect(new LineParser().end()).toEqual([]);
  });
});
