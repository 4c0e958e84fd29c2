import type { Parameters } from './types';

type NumberName = {
  [K in keyof Parameters]-?: Exclude<Parameters[K], undefined> extends number ? K : never;
}[keyof Parameters];

/** A parameter that is a number, and its bounds. */
export interface NumberField {
  name: NumberName;
  min: number;
  max?: number;
  step: number;
  isInteger: boolean;
}

export const FIELDS: readonly NumberField[] = [
  { name: 'temperature', min: 0, max: 2, step: 0.1, isInteger: false },
  { name: 'topP', min: 0, max: 1, step: 0.05, isInteger: false },
  { name: 'topK', min: 0, step: 1, isInteger: true },
  { name: 'minP', min: 0, max: 1, step: 0.01, isInteger: false },
  { name: 'repeatPenalty', min: 0.5, max: 2, step: 0.05, isInteger: false },
  { name: 'seed', min: 0, max: 2 ** 31 - 1, step: 1, isInteger: true },
  { name: 'maxTokens', min: 1, step: 1, isInteger: true },
];

/** The value of a field's text within the bounds; nothing where it is empty or no number. */
export function parseField(field: NumberField, text: string): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(number)) {
    return undefined;
  }
  const bounded = Math.min(Math.max(number, field.min), field.max ?? Number.MAX_SAFE_INTEGER);
  return field.isInteger ? Math.round(bounded) : bounded;
}
