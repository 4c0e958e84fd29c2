import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { newMessage } from '../../chat/create';
import { append, path, show, siblings } from '../../chat/tree';
import type { Chat, Message } from '../../chat/types';
import type { Observable } from '../../core/observable';
import { Part } from '../part';
import { icon } from '../icons';

/** How near to the end, in pixels, the view counts as at the end and follows what comes. */
const NEAR = 80;

@customElement('message-list')
export class MessageList extends Part {
  @property({ attribute: false }) chat!: Chat;
  @state() private isAtEnd = true;

  protected override watched(): Observable[] {
    return [this.app.replies];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('chat')) {
      return;
    }
    const before = changed.get('chat');
    const isLonger =
      before && Object.keys(before.messages).length < Object.keys(this.chat.messages).length;
    if (before?.id !== this.chat.id || isLonger) {
      this.isAtEnd = true;
    }
  }

  // Messages render after this component, and grow by themselves: their size is what to follow.
  readonly #sizes = new ResizeObserver(() => {
    if (this.isAtEnd) {
      this.#toEnd();
    }
  });
  #top = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override updated(): void {
    const inner = this.querySelector('.messages-inner');
    if (inner) {
      this.#sizes.observe(inner);
    }
    if (this.isAtEnd) {
      this.#toEnd();
    }
  }

  protected override render() {
    const messages = path(this.chat);
    return html`<div class="messages" @scroll=${this.#onScroll} tabindex="0" role="log" aria-live="off"
        aria-label=${this.t('chat.log')}
        aria-busy=${this.app.replies.isRunning(this.chat.id)}>
        <div class="messages-inner">
          ${repeat(
            messages,
            (message) => message.id,
            (message) => this.#message(message),
          )}
        </div>
      </div>
      ${this.isAtEnd
        ? nothing
        : html`<button class="to-end" aria-label=${this.t('chat.toEnd')} title=${this.t('chat.toEnd')}
            @click=${this.#jump}>${icon('down')}</button>`}`;
  }

  #message(message: Message): TemplateResult {
    const isWriting = this.app.replies.isWriting(this.chat.id, message.id);
    return html`<chat-message
      .app=${this.app}
      .message=${message}
      .siblings=${siblings(this.chat, message)}
      .isWriting=${isWriting}
      .isBusy=${this.app.replies.isRunning(this.chat.id)}
      @show-branch=${(event: CustomEvent<string>) => this.#show(event.detail)}
      @edit-message=${(event: CustomEvent<string>) => this.#edit(message, event.detail)}
      @regenerate=${() => this.#regenerate(message)}
    ></chat-message>`;
  }

  #show(id: string): void {
    this.app.chats.update(this.chat.id, (chat) => show(chat, id));
  }

  #edit(message: Message, text: string): void {
    const edited = newMessage('user', message.parent, text);
    this.app.chats.update(this.chat.id, (chat) => append(chat, edited));
    this.#ask(edited.id);
  }

  #regenerate(message: Message): void {
    if (message.parent !== null) {
      this.#ask(message.parent);
    }
  }

  #ask(parent: string): void {
    const chat = this.app.chats.get(this.chat.id);
    if (!chat) {
      return;
    }
    const model = this.app.models.preferred(chat.model);
    this.isAtEnd = true;
    this.app.announcer.say(this.t('chat.writing'));
    void this.app.replies.ask({ ...chat, model }, parent);
  }

  readonly #onScroll = (event: Event): void => {
    const box = event.target as HTMLElement;
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // Growth below is no wish to stay: only a step back up is.
    this.isAtEnd = isNear || (this.isAtEnd && box.scrollTop >= this.#top);
    this.#top = box.scrollTop;
  };

  readonly #jump = (): void => {
    this.isAtEnd = true;
    this.#toEnd();
    this.querySelector<HTMLElement>('.messages')?.focus();
  };

  #toEnd(): void {
    const box = this.querySelector('.messages');
    if (box) {
      box.scrollTop = box.scrollHeight;
    }
  }
}
