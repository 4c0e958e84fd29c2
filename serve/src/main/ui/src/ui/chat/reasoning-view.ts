import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Part } from '../part';
import { icon } from '../icons';

/** What a model thought before its answer: closed until the reader opens it. */
@customElement('reasoning-view')
export class ReasoningView extends Part {
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) isOngoing = false;

  protected override render() {
    return html`<details class="reasoning">
      <summary>
        ${icon('thought')}
        <span class=${this.isOngoing ? 'shimmer' : ''}>
          ${this.t(this.isOngoing ? 'chat.thinking' : 'chat.thought')}
        </span>
      </summary>
      <div class="reasoning-text">
        <markdown-view .app=${this.app} .text=${this.text}></markdown-view>
      </div>
    </details>`;
  }
}
