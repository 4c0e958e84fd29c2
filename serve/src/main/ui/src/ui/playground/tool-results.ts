import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Message } from '../../chat/types';
import { callKey } from '../../playground/tools';
import { icon } from '../icons';
import { Part } from '../part';

/** Fields for the results of a reply's calls: the user plays the tools. */
@customElement('tool-results')
export class ToolResults extends Part {
  @property({ attribute: false }) reply!: Message;

  protected override render() {
    return html`<form class="tool-results stack" @submit=${this.#send}>
      <p class="muted">${this.t('tools.fill')}</p>
      ${(this.reply.calls ?? []).map(
        (call, index) =>
          html`<label class="field">
            <span>${this.t('tools.resultOf', { name: call.name })}</span>
            <textarea
              class="input mono"
              rows="3"
              name=${callKey(this.reply, index)}
              data-test="tool-result"
              placeholder='{"temperature": 21}'
            ></textarea>
          </label>`,
      )}
      <div class="row end">
        <button class="button primary" data-test="tool-continue">${icon('play')} ${this.t('tools.continue')}</button>
      </div>
    </form>`;
  }

  readonly #send = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const results = new Map(
      [...data.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
    );
    this.dispatchEvent(new CustomEvent('send-results', { detail: results }));
  };
}
