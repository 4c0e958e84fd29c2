import { Connection } from '../../../main/ui/src/api/connection';
import { Http } from '../../../main/ui/src/api/http';
import { NearsideApi } from '../../../main/ui/src/api/nearside';
import { OllamaApi } from '../../../main/ui/src/api/ollama';
import type { ChatDatabase } from '../../../main/ui/src/chat/database';
import { Replies } from '../../../main/ui/src/chat/replies';
import { ChatStore } from '../../../main/ui/src/chat/store';
import type { Tabs } from '../../../main/ui/src/chat/tabs';
import type { Chat } from '../../../main/ui/src/chat/types';
import { Announcer } from '../../../main/ui/src/core/announcer';
import { Preferences } from '../../../main/ui/src/core/preferences';
import { Router } from '../../../main/ui/src/core/router';
import type { Services } from '../../../main/ui/src/core/services';
import { I18n } from '../../../main/ui/src/i18n/i18n';
import { Pulls } from '../../../main/ui/src/models/pulls';
import { ModelStore } from '../../../main/ui/src/models/store';
import { Session } from '../../../main/ui/src/playground/session';
import { Dialogs } from '../../../main/ui/src/ui/dialogs';

/** A database that forgets when it goes. As a real one it gives and keeps copies. */
export class MemoryDatabase implements ChatDatabase {
  readonly chats = new Map<string, Chat>();

  async all(): Promise<Chat[]> {
    return structuredClone([...this.chats.values()]);
  }

  async get(id: string): Promise<Chat | undefined> {
    return structuredClone(this.chats.get(id));
  }

  async change(
    id: string,
    make: (kept: Chat | undefined) => Chat | undefined,
  ): Promise<Chat | undefined> {
    const made = make(structuredClone(this.chats.get(id)));
    if (made) {
      this.chats.set(id, structuredClone(made));
    }
    return made;
  }

  async put(chat: Chat): Promise<void> {
    this.chats.set(chat.id, structuredClone(chat));
  }

  async remove(id: string): Promise<void> {
    this.chats.delete(id);
  }
}

/** A browser whose tabs hear each other a moment later. */
export class FakeBrowser {
  readonly #listeners: ((id: string) => void)[] = [];

  tab(): Tabs {
    let own: (id: string) => void = () => undefined;
    return {
      tell: (id) =>
        this.#listeners
          .filter((listener) => listener !== own)
          .forEach((listener) => setTimeout(() => listener(id))),
      listen: (listener) => {
        own = listener;
        this.#listeners.push(listener);
      },
    };
  }
}

/** All services against the server at `base`; failures of stores are thrown as errors of the test. */
export function fakeServices(base = 'http://127.0.0.1:9', languages: string[] = ['en']): Services {
  const preferences = new Preferences(localStorage);
  const connection = new Connection(async () => false);
  const http = new Http(base, () => preferences.get('key'), connection);
  const ollama = new OllamaApi(http);
  const fail = (error: unknown): void => {
    throw error;
  };
  const chats = new ChatStore(new MemoryDatabase(), new FakeBrowser().tab(), fail);
  return {
    preferences,
    connection,
    http,
    chats,
    i18n: new I18n(preferences, languages, document.documentElement),
    router: new Router(window),
    announcer: new Announcer(),
    replies: new Replies(http, chats, () => undefined),
    models: new ModelStore(ollama, new NearsideApi(http), fail),
    pulls: new Pulls(ollama, () => undefined),
    dialogs: new Dialogs(),
    schemaSession: new Session(http, () => undefined),
    toolsSession: new Session(http, () => undefined),
  };
}
