import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import { Part } from '../part';

/** The models that are here and write text, in a select box; loaded ones are marked. */
@customElement('model-picker')
export class ModelPicker extends Part {
  @property({ attribute: false }) model = '';

  protected override watched(): Observable[] {
    return [this.app.models];
  }

  protected override render() {
    const { writers } = this.app.models;
    return html`<label class="picker">
      <span class="visually-hidden">${this.t('models.choose')}</span>
      <select data-test="model" ?disabled=${writers.length === 0} @change=${this.#onChange}>
        ${writers.length === 0
          ? html`<option value="">${this.t('models.noneHere')}</option>`
          : writers.map((model) => this.#option(model.name))}
      </select>
    </label>`;
  }

  #option(name: string): TemplateResult {
    const isRunning = this.app.models.isRunning(name);
    return html`<option value=${name} .selected=${name === this.model}>
      ${isRunning ? this.t('models.loadedOption', { name }) : name}
    </option>`;
  }

  readonly #onChange = (event: Event): void => {
    const detail = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new CustomEvent('choose-model', { detail, bubbles: true }));
  };
}
