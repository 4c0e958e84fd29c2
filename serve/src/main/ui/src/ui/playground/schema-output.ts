import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Message } from '../../chat/types';
import { pretty, type Json } from '../../core/json';
import { judge, type Verdict } from '../../playground/schema';
import { failureText } from '../common/failure';
import { icon } from '../icons';
import { Part } from '../part';

/** A document while it is written, and the verdict on it when it is done. */
@customElement('schema-output')
export class SchemaOutput extends Part {
  @property({ attribute: false }) reply!: Message;
  @property({ attribute: false }) schema!: Json;
  @property({ attribute: false }) isWriting = false;

  protected override render() {
    const { content, failure, finish } = this.reply;
    if (failure) {
      return html`<div class="failure" role="alert" data-test="schema-failure">
        ${icon('alert')} <span>${failureText(this.app.i18n, failure)}</span>
      </div>`;
    }
    if (this.isWriting || finish === 'cancelled') {
      return html`<code-block .app=${this.app} .code=${content} .language=${'json'}></code-block>
        ${finish === 'cancelled' ? html`<p class="ending">${this.t('chat.endCancelled')}</p>` : nothing}`;
    }
    const verdict = judge(content, this.schema);
    return html`${this.#verdict(verdict)}
      <code-block
        .app=${this.app}
        .code=${verdict.kind === 'broken' ? content : pretty(verdict.value)}
        .language=${'json'}
      ></code-block>`;
  }

  #verdict(verdict: Verdict): TemplateResult {
    switch (verdict.kind) {
      case 'valid':
        return html`<p class="verdict ok" role="status" data-test="verdict" data-verdict="valid">
          ${icon('check')} ${this.t('schema.valid')}
        </p>`;
      case 'invalid':
        return html`<div class="verdict bad" role="status" data-test="verdict" data-verdict="invalid">
          ${icon('alert')}
          <div>
            ${this.t('schema.invalid')}
            <ul>
              ${verdict.violations.map(
                (violation) => html`<li><code>${violation.at}</code> ${violation.message}</li>`,
              )}
            </ul>
          </div>
        </div>`;
      case 'broken':
        return html`<p class="verdict bad" role="status" data-test="verdict" data-verdict="broken">
          ${icon('alert')}
          ${this.t(this.reply.finish === 'length' ? 'schema.cut' : 'schema.broken', {
            line: verdict.fault.line,
            column: verdict.fault.column,
          })}
        </p>`;
    }
  }
}
