import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Siblings } from '../../chat/tree';
import type { Message } from '../../chat/types';
import { Part } from '../part';
import { icon, mark } from '../icons';
import { failureText } from '../common/failure';

/** One message with all that can be done with it. */
@customElement('chat-message')
export class ChatMessage extends Part {
  @property({ attribute: false }) message!: Message;
  /** Left out where there are no branches, as in a playground. */
  @property({ attribute: false }) siblings: Siblings | undefined;
  @property({ attribute: false }) isWriting = false;
  /** Whether any reply of the chat is being written. */
  @property({ attribute: false }) isBusy = false;
  @state() private isEditing = false;

  protected override render() {
    switch (this.message.role) {
      case 'user':
        return this.#user();
      case 'assistant':
        return this.#assistant();
      case 'tool':
        return this.#tool();
    }
  }

  #user(): TemplateResult {
    return html`<article class="message user" data-test="user-message">
      <h3 class="visually-hidden">${this.t('chat.you')}</h3>
      ${this.isEditing
        ? html`<message-editor
            .app=${this.app}
            .text=${this.message.content}
            @cancel-edit=${this.#endEdit}
            @save-edit=${this.#saveEdit}
          ></message-editor>`
        : html`<div class="bubble">${this.message.content}</div>
            <div class="message-actions">
              ${this.#branches()}
              ${this.siblings ? this.#edit() : nothing}
              <copy-button .app=${this.app} .text=${this.message.content}></copy-button>
            </div>`}
    </article>`;
  }

  #edit(): TemplateResult {
    return html`<button
      class="icon-button small"
      data-test="edit"
      aria-label=${this.t('chat.edit')}
      title=${this.t('chat.edit')}
      ?disabled=${this.isBusy}
      @click=${() => (this.isEditing = true)}
    >
      ${icon('edit')}
    </button>`;
  }

  #assistant(): TemplateResult {
    const { content, reasoning, calls, stats } = this.message;
    const isWaiting = this.isWriting && content === '' && !reasoning && !calls;
    return html`<article
      class="message assistant ${this.isWriting ? 'writing' : ''}"
      data-test="assistant-message"
      aria-busy=${this.isWriting}
    >
      <h3 class="author">${mark()} <span>${this.message.model ?? 'Nearside'}</span></h3>
      ${reasoning
        ? html`<reasoning-view
            .app=${this.app}
            .text=${reasoning}
            .isOngoing=${this.isWriting && content === ''}
          ></reasoning-view>`
        : nothing}
      ${isWaiting
        ? html`<div class="waiting"><i></i><i></i><i></i><span class="visually-hidden">${this.t('chat.waiting')}</span></div>`
        : nothing}
      ${content === ''
        ? nothing
        : html`<markdown-view .app=${this.app} .text=${content}></markdown-view>`}
      ${(calls ?? []).map((call) => html`<tool-call .app=${this.app} .call=${call}></tool-call>`)}
      ${this.#ending()}
      <div class="message-actions">
        ${this.#branches()}
        ${this.siblings ? this.#again() : nothing}
        ${content === ''
          ? nothing
          : html`<copy-button .app=${this.app} .text=${content}></copy-button>`}
        ${stats
          ? html`<reply-stats .app=${this.app} .stats=${stats} .isLive=${this.isWriting}></reply-stats>`
          : nothing}
      </div>
    </article>`;
  }

  #again(): TemplateResult {
    return html`<button
      class="icon-button small"
      data-test="regenerate"
      aria-label=${this.t('chat.regenerate')}
      title=${this.t('chat.regenerate')}
      ?disabled=${this.isBusy}
      @click=${() => this.dispatchEvent(new CustomEvent('regenerate'))}
    >
      ${icon('again')}
    </button>`;
  }

  /** Why it ended, where that is not the usual way. */
  #ending(): TemplateResult | typeof nothing {
    const { failure, finish } = this.message;
    if (failure) {
      return html`<div class="failure" role="alert">
        ${icon('alert')}
        <span>${failureText(this.app.i18n, failure)}</span>
      </div>`;
    }
    if (finish === 'length') {
      return html`<p class="ending">${this.t('chat.endLength')}</p>`;
    }
    return finish === 'cancelled'
      ? html`<p class="ending" data-test="cancelled">${this.t('chat.endCancelled')}</p>`
      : nothing;
  }

  #tool(): TemplateResult {
    return html`<article class="message tool">
      <h3 class="author">${icon('tools')} <span>${this.t('tools.result')}</span></h3>
      <pre class="tool-text" tabindex="0">${this.message.content}</pre>
    </article>`;
  }

  #branches(): TemplateResult | typeof nothing {
    return this.siblings && this.siblings.ids.length > 1
      ? html`<branch-switch .app=${this.app} .siblings=${this.siblings} .isDisabled=${this.isBusy}></branch-switch>`
      : nothing;
  }

  readonly #endEdit = (): void => {
    this.isEditing = false;
    this.focusOn('[data-test=edit]');
  };

  readonly #saveEdit = (event: CustomEvent<string>): void => {
    this.isEditing = false;
    this.dispatchEvent(new CustomEvent('edit-message', { detail: event.detail }));
  };
}
