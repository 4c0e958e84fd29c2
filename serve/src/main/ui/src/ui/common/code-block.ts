import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { highlight } from '../../markdown/highlight';
import { Part } from '../part';

/** Code with its language, colours and a button that copies it. */
@customElement('code-block')
export class CodeBlock extends Part {
  @property({ attribute: false }) code = '';
  @property({ attribute: false }) language = '';

  protected override render() {
    const name = this.language || this.t('code.plain');
    return html`<figure class="code" aria-label=${this.t('code.label', { language: name })}>
      <figcaption>
        <span>${name}</span>
        <copy-button .app=${this.app} .text=${this.code} .label=${this.t('code.copy')}></copy-button>
      </figcaption>
      <pre tabindex="0"><code>${guard([this.code, this.language], () =>
        highlight(this.code, this.language),
      )}</code></pre>
    </figure>`;
  }
}
