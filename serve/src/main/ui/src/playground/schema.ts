import { Validator, type Schema } from '@cfworker/json-schema';
import { isObject, parseJson, type Json, type JsonFault } from '../core/json';
import { syntaxFault, type DraftFault } from './faults';

export type SchemaDraft = { ok: true; schema: Json } | { ok: false; fault: DraftFault };

/** A schema as the user wrote it: JSON, and an object or a boolean. */
export function readSchema(text: string): SchemaDraft {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    return { ok: false, fault: syntaxFault(parsed.fault) };
  }
  if (!isObject(parsed.value) && typeof parsed.value !== 'boolean') {
    return { ok: false, fault: { key: 'json.noSchema', values: {} } };
  }
  return { ok: true, schema: parsed.value };
}

export interface Violation {
  /** JSON pointer into the document. */
  at: string;
  message: string;
}

export type Verdict =
  | { kind: 'valid'; value: Json }
  | { kind: 'invalid'; value: Json; violations: Violation[] }
  | { kind: 'broken'; fault: JsonFault };

/** Whether an output is a document that the schema (draft 2020-12) accepts. */
export function judge(output: string, schema: Json): Verdict {
  const parsed = parseJson(output);
  if (!parsed.ok) {
    return { kind: 'broken', fault: parsed.fault };
  }
  const violations = violationsOf(parsed.value, schema);
  return violations.length === 0
    ? { kind: 'valid', value: parsed.value }
    : { kind: 'invalid', value: parsed.value, violations };
}

function violationsOf(value: Json, schema: Json): Violation[] {
  try {
    const result = new Validator(schema as Schema | boolean, '2020-12', false).validate(value);
    return result.valid
      ? []
      : result.errors.map((error) => ({
          at: error.instanceLocation.replace(/^#/, '') || '/',
          message: error.error,
        }));
  } catch (error) {
    // A schema that the validator cannot resolve, as one with a reference to nowhere.
    return [{ at: '/', message: error instanceof Error ? error.message : String(error) }];
  }
}
