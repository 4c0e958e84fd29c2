import { newChat, newMessage } from '../../../main/ui/src/chat/create';
import { merge } from '../../../main/ui/src/chat/merge';
import { append, path, replace, show } from '../../../main/ui/src/chat/tree';
import type { Chat, Message } from '../../../main/ui/src/chat/types';

const question = newMessage('user', null, 'Why?', 1);
const reply = newMessage('assistant', question.id, 'Beca', 2);
const base = [question, reply].reduce(append, {
  ...newChat({ model: 'm', system: '', parameters: {} }, 0),
  title: 'Why?',
});

const contents = (messages: Message[]): string[] => messages.map((message) => message.content);

/** What another tab has made of the chat: it comes from the database, so all records are others. */
function theirs(change: (chat: Chat) => Chat = (chat) => chat): Chat {
  return structuredClone(change(base));
}

test('whatOnlyOneSideChanged_isTaken', () => {
  const mine = { ...base, model: 'n', parameters: { seed: 1 } };
  const other = theirs((chat) => ({ ...chat, system: 'Be kind.', title: 'Sky', isNamed: true, updated: 9 }));
  expect(merge(base, mine, other)).toEqual({
    ...base, model: 'n', parameters: { seed: 1 }, system: 'Be kind.', title: 'Sky', isNamed: true, updated: 9,
  });
});

test('whatBothChanged_isMine', () => {
  expect(merge(base, { ...base, model: 'mine' }, theirs((chat) => ({ ...chat, model: 'theirs' }))).model).toBe('mine');
});

test('messagesOfBoth_afterTheSameOne_becomeBranches', () => {
  const mine = append(base, newMessage('user', reply.id, 'mine', 3));
  const other = theirs((chat) => append(chat, newMessage('user', reply.id, 'theirs', 4)));
  const merged = merge(base, mine, other);
  expect(contents(Object.values(merged.messages)).sort()).toEqual(['Beca', 'Why?', 'mine', 'theirs']);
  expect(contents(path(merged))).toEqual(['Why?', 'Beca', 'mine']);
});

test('replyThatGrows_isTakenFromTheSideThatWritesIt', () => {
  const grown = { ...reply, content: 'Because.', finish: 'stop' };
  const further = append(base, newMessage('user', reply.id, 'more', 3));
  const stale = structuredClone(further);
  expect(merge(base, replace(base, grown), stale).messages[reply.id]).toBe(grown);
  expect(merge(base, further, theirs((chat) => replace(chat, grown))).messages[reply.id]).toEqual(grown);
});

test('branchShown_isTakenFromTheSideThatChoseIt', () => {
  const forked = append(base, newMessage('assistant', question.id, 'Another', 3));
  const chosen = structuredClone(show(forked, reply.id));
  expect(contents(path(merge(forked, forked, chosen)))).toEqual(['Why?', 'Beca']);
  expect(contents(path(merge(forked, show(forked, reply.id), structuredClone(forked))))).toEqual(['Why?', 'Beca']);
});

test('messageThatTheyLack_isNotDropped', () => {
  const longer = append(base, newMessage('user', reply.id, 'kept', 3));
  expect(contents(path(merge(longer, longer, theirs())))).toEqual(['Why?', 'Beca', 'kept']);
});

test('titleOfTheUser_countsMoreThanThatOfTheFirstMessage', () => {
  const empty = newChat({ model: 'm', system: '', parameters: {} }, 0);
  const mine = { ...append(empty, question), title: 'Why?' };
  const named = { ...empty, title: 'Sky', isNamed: true };
  expect(merge(empty, mine, named)).toMatchObject({ title: 'Sky', isNamed: true });
  expect(merge(empty, named, mine)).toMatchObject({ title: 'Sky', isNamed: true });
  expect(merge(named, { ...named, title: '', isNamed: false }, named)).toMatchObject({ title: '', isNamed: false });
  expect(merge(empty, empty, append(empty, question)).title).toBe('Why?');
});

test('withoutABase_allOfMineIsNew', () => {
  const mine = { ...base, system: 'mine' };
  expect(merge(undefined, mine, theirs((chat) => ({ ...chat, system: 'theirs' }))).system).toBe('mine');
});
