import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { bytes } from '../../core/format';
import type { Pull } from '../../models/pulls';
import { icon } from '../icons';
import { Part } from '../part';

/** A download: how far, how fast, and a way to stop it. */
@customElement('pull-progress')
export class PullProgress extends Part {
  @property({ attribute: false }) pull!: Pull;

  protected override render() {
    const { pull } = this;
    return html`<div class="pull" data-test="pull-progress" data-state=${pull.state}>
      <div class="pull-head">
        <span class="mono">${pull.name}</span>
        ${this.#button()}
      </div>
      ${pull.state === 'running'
        ? html`<progress
            aria-label=${this.t('pull.progress', { name: pull.name })}
            max="1"
            value=${pull.total > 0 ? pull.completed / pull.total : nothing}
          ></progress>`
        : nothing}
      <p class="pull-text ${pull.state}">${this.#text()}</p>
    </div>`;
  }

  #text(): string {
    const { pull } = this;
    switch (pull.state) {
      case 'running':
        return pull.total > 0
          ? this.t('pull.running', {
              done: bytes(pull.completed),
              total: bytes(pull.total),
              percent: Math.floor((100 * pull.completed) / pull.total),
              speed: bytes(pull.bytesPerSecond),
            })
          : pull.status || this.t('pull.starting');
      case 'done':
        return this.t('pull.done');
      case 'failed':
        return this.t('pull.failed', { message: pull.message });
      case 'cancelled':
        return this.t('pull.cancelled');
    }
  }

  #button(): TemplateResult {
    const { pull } = this;
    if (pull.state === 'running') {
      return html`<button
        class="button small"
        data-test="pull-cancel"
        aria-label=${this.t('pull.cancel', { name: pull.name })}
        @click=${() => this.app.pulls.cancel(pull.name)}
      >
        ${this.t('common.cancel')}
      </button>`;
    }
    return html`<span class="row">
      ${pull.state === 'done'
        ? nothing
        : html`<button
            class="button small"
            aria-label=${this.t('pull.again', { name: pull.name })}
            @click=${() => void this.app.pulls.start(pull.name)}
          >
            ${this.t('pull.resume')}
          </button>`}
      <button
        class="icon-button small"
        aria-label=${this.t('common.close')}
        @click=${() => this.app.pulls.dismiss(pull.name)}
      >
        ${icon('close')}
      </button>
    </span>`;
  }
}
