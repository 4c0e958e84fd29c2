import { html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { Part } from '../part';

/** A sent message in edit: saving makes another branch. */
@customElement('message-editor')
export class MessageEditor extends Part {
  @property({ attribute: false }) text = '';
  @query('textarea') private readonly area!: HTMLTextAreaElement;

  override firstUpdated(): void {
    this.area.style.height = `${this.area.scrollHeight}px`;
    this.area.focus();
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  protected override render() {
    return html`<form class="editor" @submit=${this.#save}>
      <textarea
        class="input"
        data-test="edit-text"
        aria-label=${this.t('chat.editLabel')}
        .value=${this.text}
        @keydown=${this.#onKey}
      ></textarea>
      <p class="muted">${this.t('chat.editNote')}</p>
      <div class="row end">
        <button class="button" type="button" @click=${this.#cancel}>${this.t('common.cancel')}</button>
        <button class="button primary" data-test="edit-save">${this.t('composer.send')}</button>
      </div>
    </form>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      this.#cancel();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      this.#save(event);
    }
  };

  readonly #cancel = (): void => {
    this.dispatchEvent(new CustomEvent('cancel-edit'));
  };

  readonly #save = (event: Event): void => {
    event.preventDefault();
    const text = this.area.value.trim();
    if (text !== '') {
      this.dispatchEvent(new CustomEvent('save-edit', { detail: text }));
    }
  };
}
