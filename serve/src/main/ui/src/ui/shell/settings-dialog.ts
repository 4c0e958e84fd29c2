import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Observable } from '../../core/observable';
import { Modal } from '../common/modal';
import { choices } from '../common/choices';
import { download, pickFile } from '../common/files';
import { ArchiveError, exportChats, importChats } from '../../chat/archive';
import { icon } from '../icons';

@customElement('settings-dialog')
export class SettingsDialog extends Modal {
  protected override watched(): Observable[] {
    return [this.app.dialogs, this.app.preferences, this.app.models, this.app.chats];
  }

  protected override isOpen(): boolean {
    return this.app.dialogs.isSettingsOpen;
  }

  protected override closed(): void {
    this.app.dialogs.showSettings(false);
  }

  protected override render() {
    return html`<dialog
      class="modal"
      aria-labelledby="settings-title"
      @cancel=${this.onCancel}
      @click=${this.onBackdrop}
    >
      <div class="modal-body">
        <div class="modal-head">
          <h2 id="settings-title">${this.t('settings.title')}</h2>
          <button
            class="icon-button"
            aria-label=${this.t('common.close')}
            title=${this.t('common.close')}
            @click=${() => this.closed()}
          >
            ${icon('close')}
          </button>
        </div>
        ${this.#appearance()} ${this.#key()} ${this.#chats()} ${this.#keyboard()} ${this.#about()}
      </div>
    </dialog>`;
  }

  #appearance() {
    const { preferences } = this.app;
    return html`<section class="setting">
      ${choices({
        legend: this.t('settings.theme'),
        name: 'theme',
        value: preferences.get('theme'),
        options: [
          { value: 'system', label: this.t('theme.system') },
          { value: 'light', label: this.t('theme.light') },
          { value: 'dark', label: this.t('theme.dark') },
        ],
        onChoice: (value) => preferences.set('theme', value),
      })}
      ${choices({
        legend: this.t('settings.language'),
        name: 'language',
        value: preferences.get('language'),
        options: [
          { value: 'system', label: this.t('language.system') },
          { value: 'en', label: 'English', lang: 'en' },
          { value: 'zh', label: '中文', lang: 'zh-Hans' },
        ],
        onChoice: (value) => preferences.set('language', value),
      })}
    </section>`;
  }

  #key() {
    const hasKey = this.app.preferences.get('key') !== '';
    return html`<section class="setting">
      <h3>${this.t('settings.key')}</h3>
      <p class="muted">${this.t(hasKey ? 'settings.keySet' : 'settings.keyUnset')}</p>
      <div class="row">
        <button class="button" @click=${() => this.app.dialogs.showKey(true)}>
          ${icon('key')} ${this.t(hasKey ? 'settings.keyChange' : 'settings.keyEnter')}
        </button>
        ${hasKey
          ? html`<button class="button" @click=${() => this.app.preferences.set('key', '')}>
              ${this.t('settings.keyForget')}
            </button>`
          : nothing}
      </div>
    </section>`;
  }

  #chats() {
    const count = this.app.chats.all.length;
    return html`<section class="setting">
      <h3>${this.t('settings.chats')}</h3>
      <p class="muted">${this.t('settings.chatsText', { count })}</p>
      <div class="row">
        <button class="button" ?disabled=${count === 0} @click=${this.#export}>
          ${icon('download')} ${this.t('settings.export')}
        </button>
        <button class="button" @click=${this.#import}>
          ${icon('upload')} ${this.t('settings.import')}
        </button>
        <button class="button danger-text" ?disabled=${count === 0} @click=${this.#removeAll}>
          ${icon('trash')} ${this.t('settings.removeAll')}
        </button>
      </div>
    </section>`;
  }

  #keyboard() {
    const keys: [string, string][] = [
      ['Enter', this.t('keys.send')],
      ['Shift + Enter', this.t('keys.line')],
      ['Esc', this.t('keys.stop')],
      ['Alt + N', this.t('keys.new')],
      ['/', this.t('keys.focus')],
    ];
    return html`<section class="setting">
      <h3>${this.t('settings.keyboard')}</h3>
      <dl class="keys">
        ${keys.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${text}</dd>`)}
      </dl>
    </section>`;
  }

  #about() {
    const system = this.app.models.system;
    return system === undefined
      ? nothing
      : html`<section class="setting">
          <h3>Nearside ${system.version}</h3>
          <p class="muted">${system.cpu} · ${system.kernels}</p>
        </section>`;
  }

  readonly #export = (): void => {
    const day = new Date().toISOString().slice(0, 10);
    download(`nearside-chats-${day}.json`, exportChats(this.app.chats.all));
  };

  readonly #import = async (): Promise<void> => {
    const text = await pickFile('application/json,.json');
    if (text === undefined) {
      return;
    }
    try {
      const chats = importChats(text);
      this.app.chats.import(chats);
      this.app.announcer.info(this.t('settings.imported', { count: chats.length }));
    } catch (error) {
      const where = error instanceof ArchiveError ? error.where : String(error);
      this.app.announcer.error(this.t('settings.importFailed', { where }));
    }
  };

  readonly #removeAll = async (): Promise<void> => {
    const count = this.app.chats.all.length;
    const isSure = await this.app.dialogs.confirm({
      title: this.t('settings.removeAllTitle'),
      text: this.t('settings.removeAllText', { count }),
      action: this.t('common.delete'),
      isDangerous: true,
    });
    if (isSure) {
      this.app.chats.all.forEach((chat) => this.app.chats.remove(chat.id));
    }
  };
}
