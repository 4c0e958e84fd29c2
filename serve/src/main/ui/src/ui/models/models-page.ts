import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { filterCatalogue } from '../../models/filter';
import type { Observable } from '../../core/observable';
import { choices } from '../common/choices';
import { icon } from '../icons';
import { Part } from '../part';

const POLL_MILLIS = 2000;

@customElement('models-page')
export class ModelsPage extends Part {
  @state() private language: 'all' | 'en' | 'zh' = 'all';
  @state() private isFitting = true;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override watched(): Observable[] {
    return [this.app.models, this.app.pulls];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.app.models.refresh().then(() => this.app.models.poll());
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible' && this.app.connection.state === 'up') {
        void this.app.models.poll();
      }
    }, POLL_MILLIS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render() {
    return html`<div class="page">
      <div class="page-inner">
        <div class="page-head">
          <div>
            <h1 tabindex="-1">${this.t('nav.models')}</h1>
            <p class="muted">${this.t('models.text')}</p>
          </div>
        </div>
        <div class="overview">
          <memory-bar .app=${this.app}></memory-bar>
          <activity-tiles .app=${this.app}></activity-tiles>
        </div>
        ${this.#installed()} ${this.#pull()} ${this.#catalogue()}
      </div>
    </div>`;
  }

  #installed(): TemplateResult {
    const { installed, isLoaded } = this.app.models;
    return html`<section aria-labelledby="installed-title">
      <h2 id="installed-title">${this.t('models.installed')}</h2>
      ${installed.length > 0
        ? html`<ul class="cards" data-test="installed">
            ${repeat(
              installed,
              (model) => model.name,
              (model) =>
                html`<li class="card">
                  <installed-model .app=${this.app} .model=${model}></installed-model>
                </li>`,
            )}
          </ul>`
        : html`<p class="card muted">${this.t(isLoaded ? 'models.noneInstalled' : 'common.loading')}</p>`}
    </section>`;
  }

  #pull(): TemplateResult {
    const named = this.app.pulls.all.filter(
      (pull) => !this.app.models.catalogue.some((entry) => entry.name === pull.name),
    );
    return html`<section aria-labelledby="pull-title">
      <h2 id="pull-title">${this.t('pull.title')}</h2>
      <div class="card">
        <form class="pull-form" @submit=${this.#onPull}>
          <label class="field grow">
            <span>${this.t('pull.name')}</span>
            <input
              class="input mono"
              name="name"
              required
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
              placeholder="hf.co/user/repo:Q4_K_M"
              aria-describedby="pull-help"
              data-test="pull-name"
            />
          </label>
          <button class="button primary" data-test="pull">${icon('download')} ${this.t('pull.start')}</button>
        </form>
        <p class="help" id="pull-help">${this.t('pull.help')}</p>
        ${named.map((pull) => html`<pull-progress .app=${this.app} .pull=${pull}></pull-progress>`)}
      </div>
    </section>`;
  }

  #catalogue(): TemplateResult | typeof nothing {
    const { catalogue } = this.app.models;
    if (catalogue.length === 0) {
      return nothing;
    }
    const shown = filterCatalogue(catalogue, this.language, this.isFitting);
    return html`<section aria-labelledby="catalogue-title">
      <div class="section-head">
        <h2 id="catalogue-title">${this.t('catalogue.title')}</h2>
        <div class="row">
          ${choices({
            legend: this.t('catalogue.language'),
            name: 'catalogue-language',
            value: this.language,
            options: [
              { value: 'all', label: this.t('catalogue.all') },
              { value: 'en', label: 'English', lang: 'en' },
              { value: 'zh', label: '中文', lang: 'zh-Hans' },
            ],
            onChoice: (value) => (this.language = value),
          })}
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.isFitting}
              @change=${(event: Event) => (this.isFitting = (event.target as HTMLInputElement).checked)}
            />
            <span>${this.t('catalogue.fitting')}</span>
          </label>
        </div>
      </div>
      <p class="visually-hidden" role="status">${this.t('catalogue.shown', { n: shown.length })}</p>
      <ul class="cards grid">
        ${repeat(
          shown,
          (entry) => entry.name,
          (entry) =>
            html`<li class="card">
              <catalogue-model .app=${this.app} .model=${entry}></catalogue-model>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  readonly #onPull = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const name = new FormData(form).get('name');
    if (typeof name === 'string' && name.trim() !== '') {
      void this.app.pulls.start(name.trim());
      form.reset();
    }
  };
}
