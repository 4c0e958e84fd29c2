import type { Announcer } from './announcer';
import type { Connection } from '../api/connection';
import type { Http } from '../api/http';
import type { ChatStore } from '../chat/store';
import type { Replies } from '../chat/replies';
import type { ModelStore } from '../models/store';
import type { Pulls } from '../models/pulls';
import type { I18n } from '../i18n/i18n';
import type { Preferences } from './preferences';
import type { Router } from './router';
import type { Dialogs } from '../ui/dialogs';
import type { Session } from '../playground/session';

/** All that components are handed: made once, in main.ts. */
export interface Services {
  readonly preferences: Preferences;
  readonly i18n: I18n;
  readonly router: Router;
  readonly announcer: Announcer;
  readonly connection: Connection;
  readonly http: Http;
  readonly chats: ChatStore;
  readonly replies: Replies;
  readonly models: ModelStore;
  readonly pulls: Pulls;
  readonly dialogs: Dialogs;
  readonly schemaSession: Session;
  readonly toolsSession: Session;
}
