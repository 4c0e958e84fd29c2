import { Observable } from '../core/observable';
import type { ApiError } from './errors';
import type { CallListener } from './http';

export type ConnectionState = 'unknown' | 'up' | 'down' | 'unauthorised';

type Probe = () => Promise<boolean>;

const FIRST_MILLIS = 1000;
const LONGEST_MILLIS = 10_000;

/**
 * Whether the server can be reached. Every call tells how it ended; while the server is down it is
 * asked again and again, at growing distances, until it answers.
 */
export class Connection extends Observable implements CallListener {
  readonly #probe: Probe;
  #state: ConnectionState = 'unknown';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_MILLIS;

  constructor(probe: Probe) {
    super();
    this.#probe = probe;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  answered(): void {
    this.#become('up');
  }

  failed(error: ApiError): void {
    if (error.kind === 'offline') {
      this.#become('down');
    } else if (error.kind === 'unauthorised') {
      this.#become('unauthorised');
    } else if (this.#state === 'down') {
      this.#become('up');
    }
  }

  /** Asks now and not at the next turn. */
  async retry(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (await this.#probe()) {
      this.#become('up');
    } else {
      this.#become('down');
      this.#schedule();
    }
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) {
      return;
    }
    this.#state = state;
    if (state === 'down') {
      this.#wait = FIRST_MILLIS;
      this.#schedule();
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.changed();
  }

  #schedule(): void {
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.retry(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_MILLIS);
    }
  }
}

/** Any answer counts: also one that refuses comes from a server that is there. */
export async function reaches(base: string): Promise<boolean> {
  try {
    await fetch(`${base}/health`, { cache: 'no-store', credentials: 'omit' });
    return true;
  } catch {
    return false;
  }
}
