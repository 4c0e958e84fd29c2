export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What is wrong with a text that should be JSON; line and column count from one. */
export interface JsonFault {
  message: string;
  line?: number;
  column?: number;
}

export type Parsed = { ok: true; value: Json } | { ok: false; fault: JsonFault };

export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { ok: false, fault: locate(text, error instanceof Error ? error.message : '') };
  }
}

/** Engines tell the place in words of their own: "position 12" or "line 1 column 13". */
function locate(text: string, message: string): JsonFault {
  const pair = /line (\d+) column (\d+)/.exec(message);
  if (pair) {
    return { message, line: Number(pair[1]), column: Number(pair[2]) };
  }
  const position = /position (\d+)/.exec(message);
  const offset = position ? Number(position[1]) : undefined;
  if (offset === undefined || offset > text.length) {
    return { message };
  }
  const before = text.slice(0, offset).split('\n');
  return { message, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

export function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
