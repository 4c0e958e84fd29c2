import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { newMessage } from '../../chat/create';
import { toRequest } from '../../chat/request';
import { SCHEMA_EXAMPLES } from '../../playground/examples';
import { readSchema } from '../../playground/schema';
import type { Json } from '../../core/json';
import type { Observable } from '../../core/observable';
import { icon } from '../icons';
import { Part } from '../part';

/** Has the model write a document that a JSON Schema accepts. */
@customElement('schema-page')
export class SchemaPage extends Part {
  @state() private model = '';
  @state() private prompt = '';
  /** The schema of the run that is shown, whatever the editor holds by now. */
  @state() private used: Json | undefined;

  protected override watched(): Observable[] {
    return [this.app.models, this.app.schemaSession, this.app.preferences];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.prompt ||= SCHEMA_EXAMPLES[0]?.prompt[this.app.i18n.language] ?? '';
  }

  protected override render() {
    const text = this.#text;
    const draft = readSchema(text);
    const session = this.app.schemaSession;
    const model = this.#model;
    return html`<div class="page">
      <div class="page-inner wide">
        <div class="page-head">
          <div>
            <h1 tabindex="-1">${this.t('nav.schema')}</h1>
            <p class="muted">${this.t('schema.text')}</p>
          </div>
        </div>
        <div class="playground">
          <form class="card stack" @submit=${this.#run}>
            <label class="field">
              <span>${this.t('schema.example')}</span>
              <select class="input" @change=${this.#onExample}>
                <option value="">${this.t('schema.own')}</option>
                ${SCHEMA_EXAMPLES.map(
                  (example) =>
                    html`<option value=${example.id} .selected=${example.schema === text}>
                      ${this.t(`schema.${example.id}`)}
                    </option>`,
                )}
              </select>
            </label>
            <json-editor
              .app=${this.app}
              .name=${'schema'}
              .label=${this.t('schema.schema')}
              .text=${text}
              .fault=${draft.ok ? undefined : draft.fault}
              @json-change=${(event: CustomEvent<string>) =>
                this.app.preferences.set('schemaDraft', event.detail)}
            ></json-editor>
            <label class="field">
              <span>${this.t('schema.prompt')}</span>
              <textarea
                class="input"
                rows="3"
                data-test="schema-prompt"
                .value=${this.prompt}
                @input=${(event: Event) => (this.prompt = (event.target as HTMLTextAreaElement).value)}
              ></textarea>
            </label>
            <div class="row spread">
              <model-picker
                .app=${this.app}
                .model=${model}
                @choose-model=${(event: CustomEvent<string>) => (this.model = event.detail)}
              ></model-picker>
              ${session.isRunning
                ? html`<button class="button" type="button" data-test="schema-stop" @click=${() => session.stop()}>
                    ${icon('stop')} ${this.t('composer.stop')}
                  </button>`
                : html`<button
                    class="button primary"
                    data-test="schema-run"
                    ?disabled=${!draft.ok || model === '' || this.prompt.trim() === ''}
                  >
                    ${icon('play')} ${this.t('schema.run')}
                  </button>`}
            </div>
          </form>
          ${this.#output()}
        </div>
      </div>
    </div>`;
  }

  #output(): TemplateResult {
    const reply = this.app.schemaSession.last;
    return html`<section class="card stack" aria-labelledby="output-title">
      <h2 id="output-title">${this.t('schema.output')}</h2>
      ${reply === undefined || this.used === undefined
        ? html`<p class="muted">${this.t('schema.noOutput')}</p>`
        : html`<schema-output
            .app=${this.app}
            .reply=${reply}
            .schema=${this.used}
            .isWriting=${this.app.schemaSession.isRunning}
          ></schema-output>`}
      ${reply?.stats
        ? html`<reply-stats
            .app=${this.app}
            .stats=${reply.stats}
            .isLive=${this.app.schemaSession.isRunning}
          ></reply-stats>`
        : nothing}
    </section>`;
  }

  get #text(): string {
    return this.app.preferences.get('schemaDraft') || (SCHEMA_EXAMPLES[0]?.schema ?? '');
  }

  get #model(): string {
    return this.app.models.preferred(this.model || this.app.preferences.get('model'));
  }

  readonly #onExample = (event: Event): void => {
    const id = (event.target as HTMLSelectElement).value;
    const example = SCHEMA_EXAMPLES.find((other) => other.id === id);
    if (example) {
      this.prompt = example.prompt[this.app.i18n.language];
      this.app.preferences.set('schemaDraft', example.schema);
    }
  };

  readonly #run = (event: Event): void => {
    event.preventDefault();
    const draft = readSchema(this.#text);
    if (!draft.ok || this.app.schemaSession.isRunning) {
      return;
    }
    this.used = draft.schema;
    this.app.announcer.say(this.t('chat.writing'));
    const { schema } = draft;
    const parameters = this.app.preferences.get('parameters');
    const model = this.#model;
    this.app.schemaSession.clear();
    void this.app.schemaSession.ask([newMessage('user', null, this.prompt)], (messages) => ({
      ...toRequest(model, '', messages, parameters),
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'output', schema, strict: true },
      },
    }));
  };
}
