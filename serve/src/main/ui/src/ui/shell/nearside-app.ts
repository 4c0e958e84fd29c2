import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import type { Page } from '../../core/router';
import { Part } from '../part';
import { icon, mark } from '../icons';

/** The frame of all pages: side bar, the page, notices, dialogs, the voice for screen readers. */
@customElement('nearside-app')
export class NearsideApp extends Part {
  @state() private isMenuOpen = false;
  #page: Page | undefined;
  #stop: (() => void)[] = [];

  protected override watched(): Observable[] {
    return [this.app.router, this.app.connection, this.app.announcer];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    this.#stop = [
      this.app.router.subscribe(() => (this.isMenuOpen = false)),
      this.app.connection.subscribe(() => {
        if (this.app.connection.state === 'unauthorised') {
          this.app.dialogs.showKey(true);
        }
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    this.#stop.forEach((stop) => stop());
  }

  protected override updated(): void {
    const page = this.app.router.route.page;
    document.title = `${this.t(`nav.${page}`)} · Nearside`;
    if (this.#page !== undefined && this.#page !== page) {
      // The page renders after this component.
      setTimeout(() => this.#focusPage());
    }
    this.#page = page;
  }

  /** A new page is read from its heading on; a chat is for writing, where no keyboard pops up. */
  #focusPage(): void {
    const isWriting = this.#page === 'chat' && !matchMedia('(pointer: coarse)').matches;
    this.querySelector<HTMLElement>(isWriting ? '#composer-text' : 'main h1')?.focus();
  }

  protected override render() {
    return html`
      <a class="skip-link" href="#main" @click=${this.#skip}>${this.t('app.skip')}</a>
      <div class="frame ${this.isMenuOpen ? 'menu-open' : ''}">
        <header class="top-bar">
          <button
            class="icon-button"
            aria-label=${this.t('app.menu')}
            aria-expanded=${this.isMenuOpen}
            aria-controls="side-bar"
            @click=${() => (this.isMenuOpen = !this.isMenuOpen)}
          >
            ${icon('menu')}
          </button>
          <span class="brand">${mark()} Nearside</span>
        </header>
        <div class="side" id="side-bar" ?data-open=${this.isMenuOpen}>
          <side-bar .app=${this.app} @close-menu=${() => (this.isMenuOpen = false)}></side-bar>
        </div>
        <div class="scrim" @click=${() => (this.isMenuOpen = false)}></div>
        <main id="main" tabindex="-1">${this.#banner()} ${this.#content()}</main>
      </div>
      <notice-list .app=${this.app}></notice-list>
      <div class="visually-hidden" role="status" aria-live="polite">${this.app.announcer.spoken}</div>
      <confirm-dialog .app=${this.app}></confirm-dialog>
      <settings-dialog .app=${this.app}></settings-dialog>
      <key-dialog .app=${this.app}></key-dialog>
    `;
  }

  #content(): TemplateResult {
    const route = this.app.router.route;
    switch (route.page) {
      case 'chat':
        return html`<chat-page .app=${this.app} .chatId=${route.chat}></chat-page>`;
      case 'models':
        return html`<models-page .app=${this.app}></models-page>`;
      case 'schema':
        return html`<schema-page .app=${this.app}></schema-page>`;
      case 'tools':
        return html`<tools-page .app=${this.app}></tools-page>`;
    }
  }

  #banner() {
    switch (this.app.connection.state) {
      case 'down':
        return html`<div class="banner danger" role="alert">
          ${icon('alert')}
          <span>${this.t('connection.down')}</span>
          <button class="button small" @click=${() => void this.app.connection.retry()}>
            ${this.t('connection.retry')}
          </button>
        </div>`;
      case 'unauthorised':
        return html`<div class="banner warning" role="alert">
          ${icon('key')}
          <span>${this.t('connection.unauthorised')}</span>
          <button class="button small" @click=${() => this.app.dialogs.showKey(true)}>
            ${this.t('settings.keyEnter')}
          </button>
        </div>`;
      case 'up':
      case 'unknown':
        return nothing;
    }
  }

  readonly #skip = (event: Event): void => {
    // The fragment of the address is the router's.
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey && event.code === 'KeyN') {
      event.preventDefault();
      this.app.router.go({ page: 'chat' });
      this.querySelector<HTMLElement>('chat-page textarea')?.focus();
    } else if (event.key === '/' && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      const field = this.querySelector<HTMLElement>('main textarea');
      if (field && !this.querySelector('dialog[open]')) {
        event.preventDefault();
        field.focus();
      }
    } else if (event.key === 'Escape' && this.isMenuOpen) {
      this.isMenuOpen = false;
      this.focusOn('.top-bar button');
    }
  };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}
