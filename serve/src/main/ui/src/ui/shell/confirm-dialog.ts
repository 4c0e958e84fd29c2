import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import { Modal } from '../common/modal';

@customElement('confirm-dialog')
export class ConfirmDialog extends Modal {
  protected override watched(): Observable[] {
    return [this.app.dialogs];
  }

  protected override isOpen(): boolean {
    return this.app.dialogs.question !== undefined;
  }

  protected override closed(): void {
    this.app.dialogs.answer(false);
  }

  protected override render() {
    const question = this.app.dialogs.question;
    return html`<dialog
      class="modal small"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      @cancel=${this.onCancel}
      @click=${this.onBackdrop}
    >
      ${question === undefined
        ? nothing
        : html`<div class="modal-body">
            <h2 id="confirm-title">${question.title}</h2>
            <p id="confirm-text">${question.text}</p>
            <div class="modal-actions">
              <button class="button" autofocus @click=${() => this.closed()}>
                ${this.t('common.cancel')}
              </button>
              <button
                class="button ${question.isDangerous ? 'danger' : 'primary'}"
                data-test="confirm"
                @click=${() => this.app.dialogs.answer(true)}
              >
                ${question.action}
              </button>
            </div>
          </div>`}
    </dialog>`;
  }
}
