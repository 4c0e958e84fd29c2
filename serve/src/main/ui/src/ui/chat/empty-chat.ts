import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { bytes } from '../../core/format';
import type { Observable } from '../../core/observable';
import type { Key } from '../../i18n/en';
import { Part } from '../part';
import { icon, mark } from '../icons';

const SUGGESTIONS: readonly Key[] = ['suggest.1', 'suggest.2', 'suggest.3', 'suggest.4'];

/** Before the first message: a greeting, a way to a first model, some things to ask. */
@customElement('empty-chat')
export class EmptyChat extends Part {
  protected override watched(): Observable[] {
    return [this.app.models, this.app.pulls];
  }

  protected override render() {
    const { models } = this.app;
    const hasModel = models.writers.length > 0;
    return html`<div class="empty-chat">
      <div class="empty-inner">
        <span class="big-mark">${mark()}</span>
        <h2>${this.t('empty.title')}</h2>
        <p class="muted">${this.t('empty.text')}</p>
        ${hasModel ? this.#suggestions() : models.isLoaded ? this.#firstModel() : nothing}
      </div>
    </div>`;
  }

  #suggestions(): TemplateResult {
    return html`<div class="suggestions">
      ${SUGGESTIONS.map((key) => {
        const text = this.t(key);
        return html`<button
          class="suggestion"
          @click=${() => this.dispatchEvent(new CustomEvent('suggestion', { detail: text }))}
        >
          ${text}
        </button>`;
      })}
    </div>`;
  }

  #firstModel(): TemplateResult {
    const model =
      this.app.models.catalogue.find((entry) => entry.default) ?? this.app.models.catalogue[0];
    const pull = model && this.app.pulls.get(model.name);
    return html`<div class="card first-model">
      <h3>${this.t('empty.noModel')}</h3>
      <p class="muted">${this.t('empty.noModelText')}</p>
      ${pull
        ? html`<pull-progress .app=${this.app} .pull=${pull}></pull-progress>`
        : html`<div class="row center">
            ${model
              ? html`<button class="button primary" @click=${() => void this.app.pulls.start(model.name)}>
                  ${icon('download')} ${this.t('empty.pull', { name: model.name, size: bytes(model.bytes) })}
                </button>`
              : nothing}
            <a class="button" href="#/models">${this.t('empty.browse')}</a>
          </div>`}
    </div>`;
  }
}
