import { append, path, pathTo, replace, show, siblings } from '../../../main/ui/src/chat/tree';
import { newChat } from '../../../main/ui/src/chat/create';
import type { Chat, Message, Role } from '../../../main/ui/src/chat/types';

let clock = 0;

function message(id: string, parent: string | null, role: Role = 'user'): Message {
  clock += 1;
  return { id, parent, role, content: id, created: clock };
}

function chatOf(...messages: Message[]): Chat {
  return messages.reduce(append, newChat({ model: 'm', system: '', parameters: {} }, 0));
}

const ids = (messages: Message[]): string[] => messages.map((one) => one.id);

describe('path', () => {
  test('empty_chat_isEmpty', () => {
    expect(path(chatOf())).toEqual([]);
  });

  test('regenerated_reply_newestIsShownAndOldOneStays', () => {
    const chat = chatOf(message('u', null), message('a', 'u'), message('b', 'u'));
    expect(ids(path(chat))).toEqual(['u', 'b']);
    expect(siblings(chat, chat.messages['b']!)).toEqual({ ids: ['a', 'b'], index: 1 });
  });

  test('edited_firstMessage_makesABranchAtTheRoot', () => {
    const chat = chatOf(message('u1', null), message('a1', 'u1'), message('u2', null), message('a2', 'u2'));
    expect(ids(path(chat))).toEqual(['u2', 'a2']);
    expect(ids(path(show(chat, 'u1')))).toEqual(['u1', 'a1']);
  });

  test('branch_shownAgain_remembersWhatWasShownBelow', () => {
    const chat = chatOf(
      message('u', null), message('a', 'u'), message('ua1', 'a'), message('ua2', 'a'), message('b', 'u'),
    );
    const back = show(show(show(chat, 'ua1'), 'b'), 'a');
    expect(ids(path(back))).toEqual(['u', 'a', 'ua1']);
  });

  test('shown_pointsAcrossTheTree_isIgnored', () => {
    const chat = chatOf(message('u', null), message('a', 'u'));
    expect(ids(path({ ...chat, shown: { root: 'a', u: 'u' } }))).toEqual(['u', 'a']);
  });

  test('messages_thatAreTheirOwnAncestors_end', () => {
    const chat = chatOf(message('u', null));
    const looped = { ...chat, messages: { ...chat.messages, x: message('x', 'y'), y: message('y', 'x') } };
    expect(ids(path(looped))).toEqual(['u']);
    expect(pathTo(looped, 'x')).toHaveLength(2);
  });
});

test('replace_messageThatIsGone_doesNotComeBack', () => {
  const chat = chatOf(message('u', null));
  expect(replace(chat, message('gone', 'u'))).toBe(chat);
});

test('pathTo_messageOnAHiddenBranch_isItsOwnHistory', () => {
  const chat = chatOf(message('u', null), message('a', 'u'), message('b', 'u'), message('ub', 'b'));
  expect(ids(pathTo(show(chat, 'a'), 'ub'))).toEqual(['u', 'b', 'ub']);
});

test('functions_leaveTheGivenChatAlone', () => {
  const chat = chatOf(message('u', null), message('a', 'u'));
  const before = JSON.stringify(chat);
  append(chat, message('x', 'a'));
  show(chat, 'a');
  expect(JSON.stringify(chat)).toBe(before);
});
