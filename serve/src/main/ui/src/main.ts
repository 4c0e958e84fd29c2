import './styles/index.css';
import './ui/elements';
import { Connection, reaches } from './api/connection';
import { ApiError } from './api/errors';
import { Http } from './api/http';
import { NearsideApi } from './api/nearside';
import { OllamaApi } from './api/ollama';
import { IndexedDatabase } from './chat/database';
import { Replies } from './chat/replies';
import { ChatStore } from './chat/store';
import { BroadcastTabs } from './chat/tabs';
import type { Message } from './chat/types';
import { Announcer } from './core/announcer';
import { Preferences } from './core/preferences';
import { Router } from './core/router';
import type { Services } from './core/services';
import { followTheme } from './core/theme';
import { I18n } from './i18n/i18n';
import { Pulls } from './models/pulls';
import { ModelStore } from './models/store';
import { Session } from './playground/session';
import { errorText } from './ui/common/failure';
import { Dialogs } from './ui/dialogs';

/** The one place where everything is made and put together. */
function wire(): Services {
  const preferences = new Preferences(localStorage);
  const i18n = new I18n(preferences, navigator.languages, document.documentElement);
  const announcer = new Announcer();
  const connection = new Connection(() => reaches(''));
  const http = new Http('', () => preferences.get('key'), connection);
  const ollama = new OllamaApi(http);
  const tabs = new BroadcastTabs(new BroadcastChannel('nearside.chats'));
  const chats = new ChatStore(new IndexedDatabase(indexedDB), tabs, (error) =>
    announcer.error(i18n.t('chats.storage', { message: String(error) })),
  );
  const onReply = (reply: Message): void => {
    const words = reply.content.replace(/[#*`_|>]/g, '').slice(0, 600);
    announcer.say(i18n.t(reply.failure ? 'chat.saidFailed' : 'chat.said', { text: words }));
    // A reply loads its model, or unloads another.
    void models.poll();
  };
  const models = new ModelStore(ollama, new NearsideApi(http), (error) => {
    // That the server is away, or wants a key, is told by the banner already.
    if (!(error instanceof ApiError && ['offline', 'unauthorised'].includes(error.kind))) {
      announcer.error(errorText(i18n, error));
    }
  });
  const pulls = new Pulls(ollama, (pull) => {
    if (pull.state === 'done') {
      announcer.info(i18n.t('pull.isDone', { name: pull.name }));
    }
    void models.refresh();
  });
  return {
    preferences,
    i18n,
    announcer,
    connection,
    http,
    chats,
    models,
    pulls,
    router: new Router(window),
    replies: new Replies(http, chats, (_, reply) => onReply(reply)),
    dialogs: new Dialogs(),
    schemaSession: new Session(http, onReply),
    toolsSession: new Session(http, onReply),
  };
}

function start(): void {
  const app = wire();
  followTheme(document.documentElement, app.preferences);
  let state = app.connection.state;
  app.connection.subscribe(() => {
    if (state === 'down' && app.connection.state === 'up') {
      app.announcer.info(app.i18n.t('connection.back'));
      void app.models.refresh();
    }
    state = app.connection.state;
  });
  window.addEventListener('pagehide', () => app.chats.leave());
  window.addEventListener('pageshow', (event) => {
    // The browser kept the page while another was shown; it heard nothing from other tabs.
    if (event.persisted) {
      void app.chats.load();
    }
  });
  document.addEventListener('visibilitychange', () => app.chats.flush());
  const root = document.createElement('nearside-app');
  root.app = app;
  document.body.replaceChildren(root);
  void app.chats.load();
  void app.models.refresh();
}

start();
