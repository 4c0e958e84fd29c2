import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { bytes } from '../../core/format';
import { segments } from '../../models/memory';
import type { SystemFacts } from '../../api/nearside';
import type { Observable } from '../../core/observable';
import { Part } from '../part';

/** How much of the memory for models is taken, and by what. */
@customElement('memory-bar')
export class MemoryBar extends Part {
  protected override watched(): Observable[] {
    return [this.app.models];
  }

  protected override render() {
    const { system } = this.app.models;
    return html`<section class="card memory" aria-labelledby="memory-title" data-test="memory">
      <h2 id="memory-title">${this.t('memory.title')}</h2>
      ${system === undefined ? html`<p class="muted">${this.t('common.loading')}</p>` : this.#bar(system)}
    </section>`;
  }

  #bar(system: SystemFacts): TemplateResult {
    const { used, forModels, total } = system.memory;
    const parts = segments(system);
    // SVG, because its widths are attributes: the page's policy allows no styles in the markup.
    return html`
      <p class="memory-line">
        <strong>${bytes(used)}</strong>
        <span class="muted">${this.t('memory.of', { budget: bytes(forModels), total: bytes(total) })}</span>
      </p>
      <svg class="memory-svg" role="img" aria-label=${this.t('memory.label', {
        used: bytes(used),
        budget: bytes(forModels),
      })} width="100%" height="14">
        <rect class="memory-free" width="100%" height="14" rx="7"></rect>
        ${parts.map(
          (part) =>
            svg`<rect class="memory-${part.kind}" x="${part.from}%" width="${Math.max(part.width, 0.6)}%" height="14" rx="3"><title>${part.name}: ${bytes(part.bytes)}</title></rect>`,
        )}
      </svg>
      ${system.loaded.length === 0
        ? html`<p class="muted">${this.t('memory.none')}</p>`
        : html`<ul class="legend">
            ${system.loaded.map(
              (model) =>
                html`<li>
                  <span class="mono">${model.name}</span>
                  <span class="muted"
                    >${this.t('memory.parts', { weights: bytes(model.bytes), cache: bytes(model.kvBytes) })}</span
                  >
                </li>`,
            )}
          </ul>`}
      ${system.cpu ? html`<p class="muted machine">${system.cpu} · ${system.kernels}</p>` : nothing}
    `;
  }
}
