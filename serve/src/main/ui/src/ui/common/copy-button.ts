import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Part } from '../part';
import { icon } from '../icons';
import { copy } from './copy';

const SHOWN_MILLIS = 1600;

/** Copies its text; shows and says that it did. */
@customElement('copy-button')
export class CopyButton extends Part {
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) label = '';
  @state() private isDone = false;

  protected override render() {
    const label = this.isDone ? this.t('common.copied') : this.label || this.t('common.copy');
    return html`<button class="icon-button small" aria-label=${label} title=${label} @click=${this.#copy}>
      ${icon(this.isDone ? 'check' : 'copy')}
    </button>`;
  }

  readonly #copy = async (): Promise<void> => {
    if (await copy(this.text)) {
      this.isDone = true;
      this.app.announcer.say(this.t('common.copied'));
      setTimeout(() => (this.isDone = false), SHOWN_MILLIS);
    } else {
      this.app.announcer.error(this.t('common.copyFailed'));
    }
  };
}
