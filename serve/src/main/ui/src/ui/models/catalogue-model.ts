import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CatalogueModel } from '../../api/nearside';
import { bytes, contextLength } from '../../core/format';
import type { Observable } from '../../core/observable';
import { icon } from '../icons';
import { Part } from '../part';

/** A model that could be here. */
@customElement('catalogue-model')
export class CatalogueModelView extends Part {
  @property({ attribute: false }) model!: CatalogueModel;

  protected override watched(): Observable[] {
    return [this.app.pulls, this.app.models];
  }

  protected override render() {
    const { model } = this;
    return html`<div class="entry" data-entry=${model.name}>
      <div class="entry-head">
        <h3 class="mono">${model.name}</h3>
        ${this.#badge()}
      </div>
      <p class="entry-text">${model.description}</p>
      <p class="facts">
        ${[model.parameters, model.quantization].map((fact) => (fact ? html`<span>${fact}</span>` : nothing))}
        <span>${this.t('models.context', { n: contextLength(model.context) })}</span>
        <span>${model.languages.map((language) => this.#language(language)).join(', ')}</span>
        ${model.license ? html`<span>${model.license}</span>` : nothing}
        ${model.base ? html`<span>${this.t('catalogue.base')}</span>` : nothing}
      </p>
      ${model.licenseTerms
        ? html`<details class="terms">
            <summary>${this.t('catalogue.terms')}</summary>
            <p>${model.licenseTerms}</p>
          </details>`
        : nothing}
      ${this.#foot()}
    </div>`;
  }

  #badge(): TemplateResult {
    if (this.model.installed) {
      return html`<span class="badge ok">${icon('check')} ${this.t('catalogue.installed')}</span>`;
    }
    return this.model.fits
      ? html`<span class="badge">${this.t('catalogue.fits')}</span>`
      : html`<span class="badge warning">${this.t('catalogue.tooLarge')}</span>`;
  }

  #foot(): TemplateResult {
    const { model } = this;
    const pull = this.app.pulls.get(model.name);
    if (pull && (pull.state !== 'done' || !model.installed)) {
      return html`<pull-progress .app=${this.app} .pull=${pull}></pull-progress>`;
    }
    return html`${this.#need()}
    <div class="entry-foot">
      <span class="muted">${this.t('catalogue.download', { size: bytes(model.bytes) })}</span>
      ${model.installed
        ? nothing
        : html`<button
            class="button small"
            data-test="pull-entry"
            aria-label=${this.t('catalogue.pull', { name: model.name })}
            @click=${() => void this.app.pulls.start(model.name)}
          >
            ${icon('download')} ${this.t('pull.start')}
          </button>`}
    </div>`;
  }

  /** What it takes of the memory for models, as a bar like the page's large one. */
  #need(): TemplateResult | typeof nothing {
    const need = this.model.memoryBytes;
    const budget = this.app.models.system?.memory.forModels;
    if (!need || !budget) {
      return nothing;
    }
    const kind = this.model.fits ? 'memory-weights' : 'memory-over';
    return html`<div class="need">
      <svg class="memory-svg" width="100%" height="5" aria-hidden="true">
        <rect class="memory-free" width="100%" height="5" rx="2.5"></rect>
        ${svg`<rect class=${kind} width="${Math.min(100, (100 * need) / budget)}%" height="5" rx="2.5"></rect>`}
      </svg>
      <span class="muted">${this.t('catalogue.memory', { size: bytes(need), budget: bytes(budget) })}</span>
    </div>`;
  }

  #language(tag: string): string {
    return new Intl.DisplayNames([this.app.i18n.language], { type: 'language' }).of(tag) ?? tag;
  }
}
