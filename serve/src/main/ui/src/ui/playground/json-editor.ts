import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { parseJson, pretty } from '../../core/json';
import type { DraftFault } from '../../playground/faults';
import { Part } from '../part';

/** A field for JSON, with what is wrong in it. */
@customElement('json-editor')
export class JsonEditor extends Part {
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) fault: DraftFault | undefined;

  protected override render() {
    const id = `json-${this.name}`;
    return html`<div class="json-editor">
      <div class="label-row">
        <label for=${id}>${this.label}</label>
        <button class="button small ghost" type="button" ?disabled=${this.fault !== undefined} @click=${this.#format}>
          ${this.t('json.format')}
        </button>
      </div>
      <textarea
        class="input mono"
        id=${id}
        rows="14"
        spellcheck="false"
        autocapitalize="none"
        autocomplete="off"
        data-test=${id}
        aria-invalid=${this.fault !== undefined}
        aria-describedby="${id}-fault"
        .value=${this.text}
        @input=${(event: Event) => this.#emit((event.target as HTMLTextAreaElement).value)}
      ></textarea>
      <p class="fault" id="${id}-fault" role="status" data-test="${id}-fault">
        ${this.fault === undefined ? nothing : this.t(this.fault.key, this.fault.values)}
      </p>
    </div>`;
  }

  readonly #format = (): void => {
    const parsed = parseJson(this.text);
    if (parsed.ok) {
      this.#emit(pretty(parsed.value));
    }
  };

  #emit(text: string): void {
    this.dispatchEvent(new CustomEvent('json-change', { detail: text }));
  }
}
