import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ReplyStats } from '../../chat/types';
import { count, rate, seconds } from '../../core/format';
import { Part } from '../part';
import { icon } from '../icons';

/** The numbers of a reply: speed, time to the first token, tokens, what came from the cache. */
@customElement('reply-stats')
export class ReplyStatsView extends Part {
  @property({ attribute: false }) stats!: ReplyStats;
  @property({ attribute: false }) isLive = false;

  protected override render() {
    const { tokensPerSecond, ttftMillis, promptTokens, completionTokens, cachedTokens } = this.stats;
    return html`<dl class="stats ${this.isLive ? 'live' : ''}" data-test="stats">
      ${tokensPerSecond === undefined
        ? nothing
        : this.#item('speed', html`${icon('bolt')}${this.t('stats.rate', { rate: rate(tokensPerSecond) })}`)}
      ${ttftMillis === undefined
        ? nothing
        : this.#item('ttft', html`${this.t('stats.first', { time: seconds(ttftMillis) })}`)}
      ${completionTokens === undefined
        ? nothing
        : this.#item('tokens', html`${this.#tokens(promptTokens, completionTokens)}`)}
      ${cachedTokens && promptTokens
        ? this.#item('cached', html`${this.#cached(cachedTokens, promptTokens)}`)
        : nothing}
    </dl>`;
  }

  #tokens(prompt: number | undefined, completion: number): string {
    const { language } = this.app.i18n;
    return prompt === undefined
      ? this.t('stats.written', { n: count(completion, language) })
      : this.t('stats.tokens', { prompt: count(prompt, language), reply: count(completion, language) });
  }

  #cached(cached: number, prompt: number): string {
    return this.t('stats.cached', {
      n: count(cached, this.app.i18n.language),
      percent: Math.round((100 * cached) / prompt),
    });
  }

  #item(name: 'speed' | 'ttft' | 'tokens' | 'cached', value: TemplateResult): TemplateResult {
    const label = this.t(`stats.${name}Label`);
    return html`<div class="stat ${name}" title=${label}>
      <dt class="visually-hidden">${label}</dt>
      <dd>${value}</dd>
    </div>`;
  }
}
