import './common/code-block';
import './common/copy-button';
import './common/markdown-view';
import './common/model-picker';
import './chat/branch-switch';
import './chat/chat-message';
import './chat/chat-page';
import './chat/empty-chat';
import './chat/message-composer';
import './chat/message-editor';
import './chat/message-list';
import './chat/parameters-panel';
import './chat/reasoning-view';
import './chat/reply-stats';
import './chat/tool-call';
import './models/activity-tiles';
import './models/catalogue-model';
import './models/installed-model';
import './models/memory-bar';
import './models/models-page';
import './models/pull-progress';
import './playground/json-editor';
import './playground/schema-output';
import './playground/schema-page';
import './playground/tool-results';
import './playground/tools-page';
import './shell/chat-item';
import './shell/confirm-dialog';
import './shell/key-dialog';
import './shell/nearside-app';
import './shell/notice-list';
import './shell/settings-dialog';
import './shell/side-bar';
import type { NearsideApp } from './shell/nearside-app';

declare global {
  interface HTMLElementTagNameMap {
    'nearside-app': NearsideApp;
  }
}
