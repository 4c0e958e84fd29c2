import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Observable } from '../../core/observable';
import { Part } from '../part';
import { icon } from '../icons';

@customElement('notice-list')
export class NoticeList extends Part {
  protected override watched(): Observable[] {
    return [this.app.announcer];
  }

  protected override render() {
    return html`<div class="notices" role="region" aria-label=${this.t('app.notices')} aria-live="polite">
      ${repeat(
        this.app.announcer.notices,
        (notice) => notice.id,
        (notice) =>
          html`<div class="notice ${notice.kind}">
            ${icon(notice.kind === 'error' ? 'alert' : 'check')}
            <span>${notice.text}</span>
            <button
              class="icon-button small"
              aria-label=${this.t('common.close')}
              @click=${() => this.app.announcer.dismiss(notice.id)}
            >
              ${icon('close')}
            </button>
          </div>`,
      )}
    </div>`;
  }
}
