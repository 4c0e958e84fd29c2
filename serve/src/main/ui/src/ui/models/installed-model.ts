import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InstalledModel } from '../../api/ollama';
import { bytes, contextLength } from '../../core/format';
import { expiry } from '../../models/expiry';
import { writesText } from '../../models/purpose';
import type { Observable } from '../../core/observable';
import { icon } from '../icons';
import { Part } from '../part';

/** A model that is here: what it is, whether it is loaded, what can be done with it. */
@customElement('installed-model')
export class InstalledModelView extends Part {
  @property({ attribute: false }) model!: InstalledModel;

  protected override watched(): Observable[] {
    return [this.app.models];
  }

  protected override render() {
    const { name } = this.model;
    const running = this.app.models.running.find((other) => other.name === name);
    return html`<div class="model" data-model=${name}>
      <div class="model-text">
        <h3 class="mono">${name}</h3>
        <p class="facts">
          ${this.#facts().map((fact) => html`<span>${fact}</span>`)} ${this.#purpose()}
          ${running?.context_length
            ? html`<span>${this.t('models.context', { n: contextLength(running.context_length) })}</span>`
            : nothing}
        </p>
        ${running
          ? html`<span class="badge ok" data-test="loaded">${this.t('models.loaded')}</span>
              <span class="muted">${this.#until(running.expires_at)}</span>`
          : nothing}
      </div>
      ${this.#actions(running !== undefined)}
    </div>`;
  }

  #facts(): string[] {
    const { details, size } = this.model;
    return [details?.parameter_size, details?.quantization_level, bytes(size)].filter(
      (fact): fact is string => fact !== undefined && fact !== '',
    );
  }

  #purpose(): TemplateResult | typeof nothing {
    if (writesText(this.model)) {
      return nothing;
    }
    const isRanking = this.model.capabilities?.includes('rerank');
    return html`<span data-test="purpose">${this.t(isRanking ? 'models.ranks' : 'models.embeds')}</span>`;
  }

  #until(expires: string | undefined): string {
    const left = expiry(expires, Date.now());
    switch (left.kind) {
      case 'never':
        return this.t('models.kept');
      case 'minutes':
        return this.t('models.until', { n: left.minutes });
      case 'unknown':
        return '';
    }
  }

  #actions(isLoaded: boolean): TemplateResult {
    const { name } = this.model;
    const work = this.app.models.workOn(name);
    return html`<div class="model-actions">
      ${writesText(this.model)
        ? html`<button class="button" data-test="chat" ?disabled=${work !== undefined} @click=${this.#chat}>
            ${icon('chat')} ${this.t('models.chat')}
          </button>`
        : nothing}
      ${isLoaded
        ? html`<button class="button" data-test="unload" ?disabled=${work !== undefined} @click=${this.#unload}>
            ${icon('eject')} ${this.t(work === 'unload' ? 'models.unloading' : 'models.unload')}
          </button>`
        : html`<button class="button" data-test="load" ?disabled=${work !== undefined} @click=${this.#load}>
            ${icon('play')} ${this.t(work === 'load' ? 'models.loading' : 'models.load')}
          </button>`}
      <button
        class="icon-button"
        data-test="delete"
        aria-label=${this.t('models.delete', { name })}
        title=${this.t('common.delete')}
        ?disabled=${work !== undefined}
        @click=${this.#delete}
      >
        ${icon('trash')}
      </button>
    </div>`;
  }

  readonly #chat = (): void => {
    this.app.preferences.set('model', this.model.name);
    this.app.router.go({ page: 'chat' });
  };

  readonly #load = async (): Promise<void> => {
    const { name } = this.model;
    if (await this.app.models.load(name)) {
      this.app.announcer.say(this.t('models.isLoaded', { name }));
    }
  };

  readonly #unload = async (): Promise<void> => {
    const { name } = this.model;
    if (await this.app.models.unload(name)) {
      this.app.announcer.say(this.t('models.isUnloaded', { name }));
    }
  };

  readonly #delete = async (): Promise<void> => {
    const { name, size } = this.model;
    const isSure = await this.app.dialogs.confirm({
      title: this.t('models.deleteTitle', { name }),
      text: this.t('models.deleteText', { size: bytes(size) }),
      action: this.t('common.delete'),
      isDangerous: true,
    });
    if (isSure && (await this.app.models.remove(name))) {
      this.app.announcer.info(this.t('models.deleted', { name }));
    }
  };
}
