import { Observable } from '../core/observable';

export interface Question {
  title: string;
  text: string;
  /** The words of the button that says yes. */
  action: string;
  isDangerous: boolean;
}

/** Questions and dialogs that any component may open; `app-dialogs` shows them. */
export class Dialogs extends Observable {
  #question: Question | undefined;
  #answer: ((yes: boolean) => void) | undefined;
  #isKeyOpen = false;
  #isSettingsOpen = false;

  get question(): Question | undefined {
    return this.#question;
  }

  get isKeyOpen(): boolean {
    return this.#isKeyOpen;
  }

  get isSettingsOpen(): boolean {
    return this.#isSettingsOpen;
  }

  confirm(question: Question): Promise<boolean> {
    this.#answer?.(false);
    return new Promise((resolve) => {
      this.#question = question;
      this.#answer = resolve;
      this.changed();
    });
  }

  answer(yes: boolean): void {
    const answer = this.#answer;
    this.#question = undefined;
    this.#answer = undefined;
    this.changed();
    answer?.(yes);
  }

  showKey(isOpen: boolean): void {
    this.#isKeyOpen = isOpen;
    this.changed();
  }

  showSettings(isOpen: boolean): void {
    this.#isSettingsOpen = isOpen;
    this.changed();
  }
}
