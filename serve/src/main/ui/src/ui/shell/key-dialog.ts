import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import { Modal } from '../common/modal';

/** Asks for the API key when the server wants one. */
@customElement('key-dialog')
export class KeyDialog extends Modal {
  protected override watched(): Observable[] {
    return [this.app.dialogs, this.app.connection];
  }

  protected override isOpen(): boolean {
    return this.app.dialogs.isKeyOpen;
  }

  protected override closed(): void {
    this.app.dialogs.showKey(false);
  }

  protected override render() {
    const isRefused =
      this.app.connection.state === 'unauthorised' && this.app.preferences.get('key') !== '';
    return html`<dialog
      class="modal small"
      aria-labelledby="key-title"
      @cancel=${this.onCancel}
      @click=${this.onBackdrop}
    >
      <form class="modal-body" @submit=${this.#save}>
        <h2 id="key-title">${this.t('key.title')}</h2>
        <p id="key-text">${this.t(isRefused ? 'key.refused' : 'key.text')}</p>
        <label class="field">
          <span>${this.t('key.label')}</span>
          <input
            class="input mono"
            name="key"
            type="password"
            autocomplete="off"
            autofocus
            aria-describedby="key-text"
            .value=${this.app.preferences.get('key')}
          />
        </label>
        <div class="modal-actions">
          <button class="button" type="button" @click=${() => this.closed()}>
            ${this.t('common.cancel')}
          </button>
          <button class="button primary">${this.t('common.save')}</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    this.app.preferences.set('key', typeof key === 'string' ? key.trim() : '');
    this.closed();
    void this.app.models.refresh();
  };
}
