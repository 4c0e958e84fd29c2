import { titled } from './title';
import type { Chat } from './types';

/**
 * What two tabs have made of one chat. Where `mine` differs from `base`, the state that both began
 * with, it counts; everywhere else `theirs` does. Messages go by their ids and are never dropped:
 * what both tabs said after the same message becomes two branches. Without a `base` all of `mine`
 * is new.
 *
 * Messages count as changed when they are another record, so what is not changed must be kept as
 * the record of `base`.
 */
export function merge(base: Chat | undefined, mine: Chat, theirs: Chat): Chat {
  const of = (key: 'model' | 'system' | 'parameters'): Chat =>
    mine[key] === base?.[key] ? theirs : mine;
  // A title made of the first message does not count against one that the user gave.
  const isNamedHere =
    mine.isNamed !== base?.isNamed || (mine.isNamed && mine.title !== base.title);
  const named = isNamedHere ? mine : theirs;
  return titled({
    ...theirs,
    title: named.title,
    isNamed: named.isNamed,
    updated: Math.max(mine.updated, theirs.updated),
    model: of('model').model,
    system: of('system').system,
    parameters: of('parameters').parameters,
    messages: mergeEntries(base?.messages, mine.messages, theirs.messages),
    shown: mergeEntries(base?.shown, mine.shown, theirs.shown),
  });
}

function mergeEntries<T>(
  base: Record<string, T> | undefined,
  mine: Record<string, T>,
  theirs: Record<string, T>,
): Record<string, T> {
  const changed = Object.entries(mine).filter(
    ([key, value]) => value !== base?.[key] || theirs[key] === undefined,
  );
  return { ...theirs, ...Object.fromEntries(changed) };
}
