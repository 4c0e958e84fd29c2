import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { newMessage } from '../../chat/create';
import { append, path } from '../../chat/tree';
import type { Chat } from '../../chat/types';
import type { Observable } from '../../core/observable';
import { Part } from '../part';
import { icon } from '../icons';

@customElement('chat-page')
export class ChatPage extends Part {
  @property({ attribute: false }) chatId: string | undefined;

  protected override watched(): Observable[] {
    return [this.app.chats, this.app.replies, this.app.models, this.app.preferences];
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('chatId') && !matchMedia('(pointer: coarse)').matches) {
      this.querySelector<HTMLElement>('message-composer textarea')?.focus();
    }
  }

  protected override render() {
    const chat = this.app.chats.get(this.chatId);
    const isOpen = this.app.preferences.get('showParameters');
    return html`<div class="chat-page ${isOpen ? 'with-panel' : ''}">
      <div class="chat-column">
        <div class="page-head slim">
          <h1 tabindex="-1">${chat?.title || this.t('chat.newTitle')}</h1>
          <button
            class="button ghost"
            data-test="parameters"
            aria-expanded=${isOpen}
            aria-controls="parameters"
            @click=${() => this.app.preferences.set('showParameters', !isOpen)}
          >
            ${icon('sliders')} <span class="wide-only">${this.t('parameters.title')}</span>
            <span class="visually-hidden narrow-only">${this.t('parameters.title')}</span>
          </button>
        </div>
        ${chat && path(chat).length > 0
          ? html`<message-list .app=${this.app} .chat=${chat}></message-list>`
          : html`<empty-chat .app=${this.app} @suggestion=${this.#onSuggestion}></empty-chat>`}
        <message-composer
          .app=${this.app}
          .model=${this.#model(chat)}
          .isRunning=${this.app.replies.isRunning(this.chatId)}
          @send-text=${(event: CustomEvent<string>) => this.#send(event.detail)}
          @stop-reply=${() => this.chatId && this.app.replies.stop(this.chatId)}
          @choose-model=${(event: CustomEvent<string>) => this.#choose(event.detail)}
        ></message-composer>
      </div>
      ${isOpen ? this.#panel(chat) : nothing}
    </div>`;
  }

  #panel(chat: Chat | undefined): TemplateResult {
    return html`<parameters-panel .app=${this.app} .chat=${chat}></parameters-panel>`;
  }

  #model(chat: Chat | undefined): string {
    return this.app.models.preferred(chat?.model || this.app.preferences.get('model'));
  }

  #choose(model: string): void {
    this.app.preferences.set('model', model);
    if (this.chatId) {
      this.app.chats.update(this.chatId, (chat) => ({ ...chat, model }));
    }
  }

  readonly #onSuggestion = (event: CustomEvent<string>): void => this.#send(event.detail);

  #send(text: string): void {
    const { chats, preferences, replies, router } = this.app;
    const known = chats.get(this.chatId);
    const model = this.#model(known);
    if (model === '') {
      this.app.announcer.error(this.t('chat.noModel'));
      return;
    }
    const chat =
      known ??
      chats.create({
        model,
        system: preferences.get('system'),
        parameters: preferences.get('parameters'),
      });
    const message = newMessage('user', path(chat).at(-1)?.id ?? null, text);
    chats.update(chat.id, (now) => append({ ...now, model }, message));
    if (!known) {
      this.chatId = chat.id;
      router.replace({ page: 'chat', chat: chat.id });
    }
    const ready = chats.get(chat.id);
    if (ready) {
      this.app.announcer.say(this.t('chat.writing'));
      void replies.ask(ready, message.id);
    }
  }
}
