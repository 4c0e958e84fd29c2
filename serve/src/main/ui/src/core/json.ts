import { findFault, type Expected } from './json-fault';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What is wrong with a text that should be JSON; line and column count from one. */
export interface JsonFault {
  expected: Expected;
  line: number;
  column: number;
}

export type Parsed = { ok: true; value: Json } | { ok: false; fault: JsonFault };

export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    // The engine's own message has no place in all browsers, and is in English in all.
    const { offset, expected } = findFault(text);
    const before = text.slice(0, offset).split('\n');
    return {
      ok: false,
      fault: { expected, line: before.length, column: (before.at(-1) ?? '').length + 1 },
    };
  }
}

export function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
