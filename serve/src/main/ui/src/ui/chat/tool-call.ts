import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ToolCall } from '../../chat/types';
import { parseJson, pretty } from '../../core/json';
import { Part } from '../part';
import { icon } from '../icons';

/** A call that a model asks for: the function and its arguments, as far as they have come. */
@customElement('tool-call')
export class ToolCallView extends Part {
  @property({ attribute: false }) call!: ToolCall;

  protected override render() {
    const parsed = parseJson(this.call.arguments);
    const text = parsed.ok ? pretty(parsed.value) : this.call.arguments;
    return html`<div class="tool-call" data-test="tool-call">
      <div class="tool-head">
        ${icon('tools')} <strong>${this.call.name || '…'}</strong>
        <span class="muted">${this.t('tools.called')}</span>
      </div>
      <code-block .app=${this.app} .code=${text} .language=${'json'}></code-block>
    </div>`;
  }
}
