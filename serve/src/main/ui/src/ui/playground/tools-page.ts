import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { newMessage } from '../../chat/create';
import { toRequest } from '../../chat/request';
import type { Message } from '../../chat/types';
import { TOOLS_EXAMPLE, TOOLS_PROMPT } from '../../playground/examples';
import { readTools, resultMessages, toChoice, type ToolsDraft } from '../../playground/tools';
import type { Observable } from '../../core/observable';
import { Part } from '../part';

/** Lets the model call tools that the user defines, and play the tools' part. */
@customElement('tools-page')
export class ToolsPage extends Part {
  @state() private model = '';
  @state() private choice = 'auto';

  protected override watched(): Observable[] {
    return [this.app.models, this.app.toolsSession, this.app.preferences];
  }

  protected override render() {
    const draft = readTools(this.#text);
    return html`<div class="page">
      <div class="page-inner wide">
        <div class="page-head">
          <div>
            <h1 tabindex="-1">${this.t('nav.tools')}</h1>
            <p class="muted">${this.t('tools.text')}</p>
          </div>
        </div>
        <div class="playground">${this.#definitions(draft)} ${this.#conversation(draft)}</div>
      </div>
    </div>`;
  }

  #definitions(draft: ToolsDraft): TemplateResult {
    return html`<section class="card stack" aria-labelledby="tools-title">
      <h2 id="tools-title">${this.t('tools.definitions')}</h2>
      <json-editor
        .app=${this.app}
        .name=${'tools'}
        .label=${this.t('tools.json')}
        .text=${this.#text}
        .fault=${draft.ok ? undefined : draft.fault}
        @json-change=${(event: CustomEvent<string>) =>
          this.app.preferences.set('toolsDraft', event.detail)}
      ></json-editor>
      <label class="field">
        <span>${this.t('tools.choice')}</span>
        <select
          class="input"
          data-test="tool-choice"
          @change=${(event: Event) => (this.choice = (event.target as HTMLSelectElement).value)}
        >
          ${['auto', 'required', 'none'].map((value) => this.#option(value, this.#choiceLabel(value)))}
          ${draft.ok
            ? draft.names.map((name) =>
                this.#option(`function:${name}`, this.t('tools.choiceNamed', { name })),
              )
            : nothing}
        </select>
      </label>
    </section>`;
  }

  #option(value: string, label: string): TemplateResult {
    return html`<option value=${value} .selected=${value === this.choice}>${label}</option>`;
  }

  #choiceLabel(value: string): string {
    return value === 'required'
      ? this.t('tools.choiceRequired')
      : this.t(value === 'none' ? 'tools.choiceNone' : 'tools.choiceAuto');
  }

  #conversation(draft: ToolsDraft): TemplateResult {
    const session = this.app.toolsSession;
    return html`<section class="card stack" aria-labelledby="conversation-title">
      <div class="row spread">
        <h2 id="conversation-title">${this.t('tools.conversation')}</h2>
        ${session.messages.length > 0
          ? html`<button class="button small" data-test="tools-clear" @click=${() => session.clear()}>
              ${this.t('tools.clear')}
            </button>`
          : nothing}
      </div>
      ${session.messages.map(
        (message) =>
          html`<chat-message
            .app=${this.app}
            .message=${message}
            .isWriting=${session.isRunning && message === session.last}
            .isBusy=${session.isRunning}
          ></chat-message>`,
      )}
      ${this.#next(draft)}
    </section>`;
  }

  /** What comes next: results for the calls that wait for them, else a message. */
  #next(draft: ToolsDraft): TemplateResult {
    const session = this.app.toolsSession;
    const last = session.last;
    if (!session.isRunning && last?.role === 'assistant' && (last.calls ?? []).length > 0) {
      return html`<tool-results
        .app=${this.app}
        .reply=${last}
        @send-results=${(event: CustomEvent<ReadonlyMap<string, string>>) =>
          this.#ask(resultMessages(last, event.detail), draft, 'auto')}
      ></tool-results>`;
    }
    return html`${session.messages.length === 0
        ? html`<button class="suggestion" data-test="tools-suggestion"
            @click=${() => this.#send(TOOLS_PROMPT[this.app.i18n.language], draft)}>
            ${TOOLS_PROMPT[this.app.i18n.language]}
          </button>`
        : nothing}
      <message-composer
        class="inline"
        .app=${this.app}
        .hint=${this.t('tools.hint')}
        .model=${this.#model}
        .isRunning=${session.isRunning}
        @send-text=${(event: CustomEvent<string>) => this.#send(event.detail, draft)}
        @stop-reply=${() => session.stop()}
        @choose-model=${(event: CustomEvent<string>) => (this.model = event.detail)}
      ></message-composer>`;
  }

  get #text(): string {
    return this.app.preferences.get('toolsDraft') || TOOLS_EXAMPLE;
  }

  get #model(): string {
    return this.app.models.preferred(this.model || this.app.preferences.get('model'));
  }

  #send(text: string, draft: ToolsDraft): void {
    const parent = this.app.toolsSession.last?.id ?? null;
    this.#ask([newMessage('user', parent, text)], draft, this.choice);
  }

  #ask(added: readonly Message[], draft: ToolsDraft, choice: string): void {
    if (!draft.ok) {
      this.app.announcer.error(this.t('tools.broken'));
      return;
    }
    if (this.#model === '') {
      this.app.announcer.error(this.t('chat.noModel'));
      return;
    }
    this.app.announcer.say(this.t('chat.writing'));
    const { tools } = draft;
    const parameters = this.app.preferences.get('parameters');
    const model = this.#model;
    void this.app.toolsSession.ask(added, (messages) => ({
      ...toRequest(model, '', messages, parameters),
      ...(tools.length > 0 ? { tools, tool_choice: toChoice(choice) } : {}),
    }));
  }
}
