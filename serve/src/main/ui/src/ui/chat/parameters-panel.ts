import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FIELDS, parseField, type NumberField } from '../../chat/fields';
import type { Chat, Parameters, Thinking } from '../../chat/types';
import type { Observable } from '../../core/observable';
import { choices } from '../common/choices';
import { icon } from '../icons';
import { Part } from '../part';

/** System prompt and parameters: of the chat that is open, and of the next new one. */
@customElement('parameters-panel')
export class ParametersPanel extends Part {
  @property({ attribute: false }) chat: Chat | undefined;

  protected override watched(): Observable[] {
    return [this.app.preferences, this.app.chats];
  }

  protected override render() {
    const parameters = this.#parameters;
    const isChanged = Object.keys(parameters).length > 0 || this.#system !== '';
    return html`<aside
      class="panel"
      id="parameters"
      aria-labelledby="parameters-title"
      @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.#close()}
    >
      <div class="panel-head">
        <h2 id="parameters-title">${this.t('parameters.title')}</h2>
        <button
          class="icon-button"
          aria-label=${this.t('common.close')}
          title=${this.t('common.close')}
          @click=${() => this.#close()}
        >
          ${icon('close')}
        </button>
      </div>
      <label class="field">
        <span>${this.t('parameters.system')}</span>
        <textarea
          class="input"
          rows="5"
          data-test="system"
          placeholder=${this.t('parameters.systemHint')}
          .value=${this.#system}
          @change=${(event: Event) => this.#setSystem((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <div class="fields">${FIELDS.map((field) => this.#number(field, parameters))}</div>
      ${this.#stop(parameters)}
      ${choices<Thinking>({
        legend: this.t('parameters.thinking'),
        name: 'thinking',
        value: parameters.thinking ?? 'auto',
        options: [
          { value: 'auto', label: this.t('parameters.thinkingAuto') },
          { value: 'on', label: this.t('parameters.on') },
          { value: 'off', label: this.t('parameters.off') },
        ],
        onChoice: (value) => this.#set({ thinking: value === 'auto' ? undefined : value }),
      })}
      <p class="muted">${this.t(this.chat ? 'parameters.noteChat' : 'parameters.noteNew')}</p>
      ${isChanged
        ? html`<button class="button" @click=${() => this.#reset()}>${this.t('parameters.reset')}</button>`
        : nothing}
    </aside>`;
  }

  #number(field: NumberField, parameters: Parameters): TemplateResult {
    const id = `parameter-${field.name}`;
    return html`<div class="field">
      <label for=${id}>${this.t(`parameters.${field.name}`)}</label>
      <input
        class="input"
        type="number"
        inputmode="decimal"
        id=${id}
        aria-describedby="${id}-help"
        min=${field.min}
        max=${field.max ?? nothing}
        step=${field.step}
        placeholder=${this.t('parameters.default')}
        .value=${String(parameters[field.name] ?? '')}
        @change=${(event: Event) => this.#onNumber(field, event.target as HTMLInputElement)}
      />
      <span class="help" id="${id}-help">${this.t(`parameters.${field.name}Help`)}</span>
    </div>`;
  }

  #stop(parameters: Parameters): TemplateResult {
    return html`<label class="field">
      <span>${this.t('parameters.stop')}</span>
      <textarea
        class="input mono"
        rows="2"
        placeholder=${this.t('parameters.stopHint')}
        .value=${(parameters.stop ?? []).join('\n')}
        @change=${(event: Event) => {
          const lines = (event.target as HTMLTextAreaElement).value.split('\n');
          const stop = lines.filter((line) => line !== '');
          this.#set({ stop: stop.length > 0 ? stop : undefined });
        }}
      ></textarea>
    </label>`;
  }

  get #parameters(): Parameters {
    return this.chat?.parameters ?? this.app.preferences.get('parameters');
  }

  get #system(): string {
    return this.chat?.system ?? this.app.preferences.get('system');
  }

  #onNumber(field: NumberField, input: HTMLInputElement): void {
    const value = parseField(field, input.value);
    // What is out of bounds is put back in, and the field shows it.
    input.value = String(value ?? '');
    this.#set({ [field.name]: value });
  }

  #set(fields: { [K in keyof Parameters]?: Parameters[K] | undefined }): void {
    const all = Object.entries({ ...this.#parameters, ...fields });
    this.#keep(Object.fromEntries(all.filter(([, value]) => value !== undefined)));
  }

  #keep(parameters: Parameters): void {
    this.app.preferences.set('parameters', parameters);
    if (this.chat) {
      this.app.chats.update(this.chat.id, (chat) => ({ ...chat, parameters }));
    }
  }

  #setSystem(system: string): void {
    this.app.preferences.set('system', system);
    if (this.chat) {
      this.app.chats.update(this.chat.id, (chat) => ({ ...chat, system }));
    }
  }

  #reset(): void {
    this.#keep({});
    this.#setSystem('');
  }

  #close(): void {
    this.app.preferences.set('showParameters', false);
    document.querySelector<HTMLElement>('[data-test=parameters]')?.focus();
  }
}
