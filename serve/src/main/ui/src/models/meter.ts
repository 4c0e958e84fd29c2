import type { PullLine } from '../api/ollama';

const WINDOW_MILLIS = 5000;

/** Sums up the files of a pull, and its speed over the last seconds. */
export class PullMeter {
  readonly #clock: () => number;
  readonly #files = new Map<string, { completed: number; total: number }>();
  #samples: { at: number; completed: number }[] = [];

  /** `clock` gives milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get completed(): number {
    return this.#sum('completed');
  }

  get total(): number {
    return this.#sum('total');
  }

  get bytesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) {
      return 0;
    }
    return Math.max(0, ((last.completed - first.completed) * 1000) / (last.at - first.at));
  }

  accept(line: PullLine): void {
    if (line.total === undefined) {
      return;
    }
    this.#files.set(line.digest ?? '', { completed: line.completed ?? 0, total: line.total });
    const now = this.#clock();
    this.#samples = this.#samples.filter((sample) => now - sample.at <= WINDOW_MILLIS);
    this.#samples.push({ at: now, completed: this.completed });
  }

  #sum(field: 'completed' | 'total'): number {
    return [...this.#files.values()].reduce((sum, file) => sum + file[field], 0);
  }
}
