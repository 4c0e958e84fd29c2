import type { Chat } from './types';

export type Age = 'today' | 'yesterday' | 'week' | 'older';

export interface AgeGroup {
  age: Age;
  chats: Chat[];
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** Chats by the day they were last used, in the order given; groups without a chat are left out. */
export function byAge(chats: readonly Chat[], now: Date): AgeGroup[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const groups: AgeGroup[] = [
    { age: 'today', chats: [] },
    { age: 'yesterday', chats: [] },
    { age: 'week', chats: [] },
    { age: 'older', chats: [] },
  ];
  for (const chat of chats) {
    const age = ageOf(chat.updated, midnight);
    groups.find((group) => group.age === age)?.chats.push(chat);
  }
  return groups.filter((group) => group.chats.length > 0);
}

function ageOf(updated: number, midnight: number): Age {
  if (updated >= midnight) {
    return 'today';
  }
  if (updated >= midnight - DAY_MILLIS) {
    return 'yesterday';
  }
  return updated >= midnight - 7 * DAY_MILLIS ? 'week' : 'older';
}
