import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { byAge } from '../../chat/ages';
import type { Observable } from '../../core/observable';
import { href, type Page } from '../../core/router';
import { Part } from '../part';
import { icon, mark, type IconName } from '../icons';

const PAGES: readonly [Page, IconName][] = [
  ['chat', 'chat'],
  ['models', 'models'],
  ['schema', 'schema'],
  ['tools', 'tools'],
];

@customElement('side-bar')
export class SideBar extends Part {
  @state() private query = '';

  protected override watched(): Observable[] {
    return [this.app.router, this.app.chats, this.app.replies, this.app.connection, this.app.preferences];
  }

  protected override render() {
    return html`
      <div class="side-head">
        <a class="brand" href="#/chat">${mark()} Nearside</a>
        <button
          class="icon-button only-narrow"
          aria-label=${this.t('app.menuClose')}
          @click=${() => this.dispatchEvent(new CustomEvent('close-menu'))}
        >
          ${icon('close')}
        </button>
      </div>
      <nav class="pages" aria-label=${this.t('app.pages')}>
        ${PAGES.map(([page, name]) => this.#page(page, name))}
      </nav>
      <nav class="chats" aria-label=${this.t('chats.list')}>
        <div class="chats-head">
          <a class="button wide" href="#/chat" data-test="new-chat">${icon('plus')} ${this.t('chats.new')}</a>
          ${this.app.chats.all.length > 0 ? this.#search() : nothing}
        </div>
        <div class="chats-list">${this.#chats()}</div>
      </nav>
      ${this.#foot()}
    `;
  }

  #page(page: Page, name: IconName): TemplateResult {
    const isCurrent = this.app.router.route.page === page;
    return html`<a href=${href({ page })} aria-current=${isCurrent ? 'page' : nothing} data-test="nav-${page}">
      ${icon(name)} <span>${this.t(`nav.${page}`)}</span>
    </a>`;
  }

  #search(): TemplateResult {
    return html`<label class="search">
      ${icon('search')}
      <span class="visually-hidden">${this.t('chats.search')}</span>
      <input
        type="search"
        placeholder=${this.t('chats.search')}
        .value=${this.query}
        @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  #chats(): TemplateResult {
    const chats = this.app.chats.search(this.query);
    if (chats.length === 0) {
      return html`<p class="muted chats-none" role="status">
        ${this.t(this.query.trim() === '' ? 'chats.none' : 'chats.notFound')}
      </p>`;
    }
    const route = this.app.router.route;
    const current = route.page === 'chat' ? route.chat : undefined;
    return html`${byAge(chats, new Date()).map(
      (group) =>
        html`<section aria-label=${this.t(`age.${group.age}`)}>
          <h2 class="group">${this.t(`age.${group.age}`)}</h2>
          <ul>
            ${repeat(
              group.chats,
              (chat) => chat.id,
              (chat) =>
                html`<li>
                  <chat-item
                    .app=${this.app}
                    .chat=${chat}
                    .isCurrent=${chat.id === current}
                  ></chat-item>
                </li>`,
            )}
          </ul>
        </section>`,
    )}`;
  }

  #foot(): TemplateResult {
    const state = this.app.connection.state;
    const isDark = this.#isDark();
    const isEnglish = this.app.i18n.language === 'en';
    return html`<div class="side-foot">
      <span class="state ${state}"><i></i>${this.t(`connection.${state}Short`)}</span>
      <button
        class="button small ghost"
        data-test="language"
        lang=${isEnglish ? 'zh-Hans' : 'en'}
        title=${isEnglish ? '切换到中文' : 'Switch to English'}
        @click=${() => this.app.preferences.set('language', isEnglish ? 'zh' : 'en')}
      >
        <span class="letters">${isEnglish ? '中文' : 'English'}</span>
      </button>
      <button
        class="icon-button"
        data-test="theme"
        aria-label=${this.t(isDark ? 'theme.toLight' : 'theme.toDark')}
        title=${this.t(isDark ? 'theme.toLight' : 'theme.toDark')}
        @click=${() => this.app.preferences.set('theme', isDark ? 'light' : 'dark')}
      >
        ${icon(isDark ? 'sun' : 'moon')}
      </button>
      <button
        class="icon-button"
        data-test="settings"
        aria-label=${this.t('settings.title')}
        title=${this.t('settings.title')}
        @click=${() => this.app.dialogs.showSettings(true)}
      >
        ${icon('settings')}
      </button>
    </div>`;
  }

  #isDark(): boolean {
    const theme = this.app.preferences.get('theme');
    return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  }
}
