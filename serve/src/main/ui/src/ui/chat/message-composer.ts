import { html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import { Part } from '../part';
import { icon } from '../icons';

/** Where a message is written and sent, and a reply stopped. */
@customElement('message-composer')
export class MessageComposer extends Part {
  @property({ attribute: false }) model = '';
  @property({ attribute: false }) isRunning = false;
  /** Another text for the empty field than the usual one. */
  @property({ attribute: false }) hint = '';
  @state() private text = '';
  @query('textarea') private readonly area!: HTMLTextAreaElement;

  protected override watched(): Observable[] {
    return [this.app.models, this.app.connection];
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('text')) {
      // The height follows the text; the style sheet sets the most.
      this.area.style.height = 'auto';
      this.area.style.height = `${this.area.scrollHeight}px`;
    }
  }

  protected override render() {
    const canSend = this.text.trim() !== '' && this.model !== '';
    return html`<div class="composer">
      <form class="composer-card" @submit=${this.#onSubmit}>
        <label class="visually-hidden" for="composer-text">${this.t('composer.label')}</label>
        <textarea
          id="composer-text"
          rows="1"
          placeholder=${this.hint || this.t('composer.placeholder')}
          .value=${this.text}
          @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}
          @keydown=${this.#onKey}
        ></textarea>
        <div class="composer-foot">
          <model-picker .app=${this.app} .model=${this.model}></model-picker>
          ${this.isRunning
            ? html`<button
                class="send"
                type="button"
                data-test="stop"
                aria-label=${this.t('composer.stop')}
                title=${this.t('composer.stop')}
                @click=${this.#stop}
              >
                ${icon('stop')}
              </button>`
            : html`<button
                class="send"
                data-test="send"
                aria-label=${this.t('composer.send')}
                title=${this.t('composer.send')}
                ?disabled=${!canSend}
              >
                ${icon('send')}
              </button>`}
        </div>
      </form>
      <p class="composer-note">${this.t('composer.note')}</p>
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    // Enter also ends the choice of a word in an input method; that must not send.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'Escape' && this.isRunning) {
      event.preventDefault();
      this.#stop();
    }
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#send();
  };

  #send(): void {
    const text = this.text.trim();
    if (text === '' || this.isRunning || this.model === '') {
      return;
    }
    this.text = '';
    this.area.focus();
    this.dispatchEvent(new CustomEvent('send-text', { detail: text }));
  }

  readonly #stop = (): void => {
    this.area.focus();
    this.dispatchEvent(new CustomEvent('stop-reply'));
  };
}
