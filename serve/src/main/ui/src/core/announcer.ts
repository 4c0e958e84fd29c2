import { Observable } from './observable';

/** A notice that is shown for a while, or until it is closed. */
export interface Notice {
  id: number;
  kind: 'info' | 'error';
  text: string;
}

const INFO_MILLIS = 5000;

/** Says things: to screen readers in a live region, and to all in notices at the page's edge. */
export class Announcer extends Observable {
  #spoken = '';
  #notices: readonly Notice[] = [];
  #next = 1;

  /** What a screen reader should say now. */
  get spoken(): string {
    return this.#spoken;
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** For screen readers alone. */
  say(text: string): void {
    // The same words twice are no change to a live region: a space makes them one.
    this.#spoken = text === this.#spoken ? `${text}\u00a0` : text;
    this.changed();
  }

  info(text: string): void {
    const id = this.#add('info', text);
    setTimeout(() => this.dismiss(id), INFO_MILLIS);
  }

  /** Stays until it is closed: who reads slowly, or looks away, must not miss it. */
  error(text: string): void {
    if (!this.#notices.some((notice) => notice.kind === 'error' && notice.text === text)) {
      this.#add('error', text);
    }
  }

  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.changed();
  }

  #add(kind: Notice['kind'], text: string): number {
    const id = this.#next++;
    this.#notices = [...this.#notices, { id, kind, text }];
    this.changed();
    return id;
  }
}
