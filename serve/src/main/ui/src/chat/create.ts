import { newId } from '../core/ids';
import type { Chat, Message, Parameters, Role } from './types';

export interface ChatSettings {
  model: string;
  system: string;
  parameters: Parameters;
}

export function newChat(settings: ChatSettings, now = Date.now()): Chat {
  return {
    id: newId(),
    title: '',
    isNamed: false,
    created: now,
    updated: now,
    model: settings.model,
    system: settings.system,
    parameters: { ...settings.parameters },
    messages: {},
    shown: {},
  };
}

export function newMessage(
  role: Role,
  parent: string | null,
  content: string,
  now = Date.now(),
): Message {
  return { id: newId(), parent, role, content, created: now };
}
