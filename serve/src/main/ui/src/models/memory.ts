import type { SystemFacts } from '../api/nearside';

export interface Segment {
  name: string;
  kind: 'weights' | 'cache';
  bytes: number;
  /** Percent of the bar. */
  from: number;
  width: number;
}

/** The parts of the memory bar: weights and cache of each model, in percent of the budget. */
export function segments(system: SystemFacts): Segment[] {
  const whole = Math.max(system.memory.forModels, system.memory.used, 1);
  let from = 0;
  return system.loaded
    .flatMap((model) => [
      { name: model.name, kind: 'weights' as const, bytes: model.bytes },
      { name: model.name, kind: 'cache' as const, bytes: model.kvBytes },
    ])
    .filter((part) => part.bytes > 0)
    .map((part) => {
      const width = (100 * part.bytes) / whole;
      const segment = { ...part, from, width };
      from += width;
      return segment;
    });
}
