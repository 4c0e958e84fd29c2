import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Chat } from '../../chat/types';
import { href } from '../../core/router';
import { Part } from '../part';
import { icon } from '../icons';

/** A chat in the list: a link, and buttons to rename and delete. */
@customElement('chat-item')
export class ChatItem extends Part {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) isCurrent = false;
  @state() private isRenaming = false;

  protected override render() {
    return this.isRenaming ? this.#form() : this.#link();
  }

  #link(): TemplateResult {
    const title = this.chat.title || this.t('chats.untitled');
    const isRunning = this.app.replies.isRunning(this.chat.id);
    return html`<div class="chat-item ${this.isCurrent ? 'current' : ''}">
      <a
        href=${href({ page: 'chat', chat: this.chat.id })}
        aria-current=${this.isCurrent ? 'true' : nothing}
        title=${title}
      >
        ${isRunning
          ? html`<i class="pulse"></i><span class="visually-hidden">${this.t('chat.writing')}</span>`
          : nothing}
        <span class="chat-title">${title}</span>
      </a>
      <span class="chat-item-actions">
        <button
          class="icon-button small"
          aria-label=${this.t('chats.rename', { title })}
          title=${this.t('chats.renameShort')}
          @click=${this.#rename}
        >
          ${icon('edit')}
        </button>
        <button
          class="icon-button small"
          aria-label=${this.t('chats.delete', { title })}
          title=${this.t('common.delete')}
          @click=${this.#delete}
        >
          ${icon('trash')}
        </button>
      </span>
    </div>`;
  }

  #form(): TemplateResult {
    return html`<form class="chat-item" @submit=${this.#save}>
      <input
        class="input"
        name="title"
        maxlength="120"
        aria-label=${this.t('chats.name')}
        .value=${this.chat.title}
        @blur=${this.#save}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Escape') {
            this.#end();
          }
        }}
      />
    </form>`;
  }

  readonly #rename = (): void => {
    this.isRenaming = true;
    void this.updateComplete.then(() => this.querySelector('input')?.select());
  };

  readonly #save = (event: Event): void => {
    event.preventDefault();
    if (this.isRenaming) {
      this.app.chats.rename(this.chat.id, this.querySelector('input')?.value ?? '');
      this.#end();
    }
  };

  #end(): void {
    this.isRenaming = false;
    this.focusOn('button');
  }

  readonly #delete = async (): Promise<void> => {
    const isSure = await this.app.dialogs.confirm({
      title: this.t('chats.deleteTitle'),
      text: this.t('chats.deleteText', { title: this.chat.title || this.t('chats.untitled') }),
      action: this.t('common.delete'),
      isDangerous: true,
    });
    if (isSure) {
      this.app.chats.remove(this.chat.id);
      if (this.isCurrent) {
        this.app.router.replace({ page: 'chat' });
      }
    }
  };
}
