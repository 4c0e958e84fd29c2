import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { count, rate } from '../../core/format';
import type { Observable } from '../../core/observable';
import { Part } from '../part';

/** What the server is doing, in four numbers. */
@customElement('activity-tiles')
export class ActivityTiles extends Part {
  protected override watched(): Observable[] {
    return [this.app.models];
  }

  protected override render() {
    const { metrics } = this.app.models;
    if (metrics === undefined) {
      return nothing;
    }
    const { language } = this.app.i18n;
    const share = metrics.prompt_tokens === 0 ? 0 : metrics.cached_tokens / metrics.prompt_tokens;
    return html`<section class="card tiles" aria-label=${this.t('activity.title')}>
      ${this.#tile(this.t('activity.speed'), rate(metrics.tokens_per_second), this.t('activity.speedUnit'))}
      ${this.#tile(this.t('activity.running'), String(metrics.running), this.t('activity.waiting', { n: metrics.waiting }))}
      ${this.#tile(this.t('activity.cache'), `${Math.round(100 * share)} %`, this.t('activity.cacheUnit', { n: count(metrics.cached_tokens, language) }))}
      ${this.#tile(this.t('activity.written'), count(metrics.generated_tokens, language), this.t('activity.writtenUnit', { n: count(metrics.requests, language) }))}
    </section>`;
  }

  #tile(label: string, value: string, unit: string): TemplateResult {
    return html`<dl class="tile">
      <dt>${label}</dt>
      <dd><strong>${value}</strong><span class="muted">${unit}</span></dd>
    </dl>`;
  }
}
