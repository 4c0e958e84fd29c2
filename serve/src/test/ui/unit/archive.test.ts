import { ArchiveError, exportChats, importChats } from '../../../main/ui/src/chat/archive';
import { newChat, newMessage } from '../../../main/ui/src/chat/create';
import { append } from '../../../main/ui/src/chat/tree';
import type { Chat } from '../../../main/ui/src/chat/types';

function sample(): Chat {
  const question = newMessage('user', null, 'hi', 1);
  const call = {
    ...newMessage('assistant', question.id, '', 2),
    reasoning: 'hm',
    calls: [{ id: 'c', name: 'f', arguments: '{}' }],
    stats: { promptTokens: 3, tokensPerSecond: 4.5 },
    finish: 'tool_calls',
    model: 'm',
  };
  const result = { ...newMessage('tool', call.id, '21', 3), callId: 'c' };
  const chat = newChat({ model: 'm', system: 's', parameters: { temperature: 0, stop: ['x'], thinking: 'off' } }, 1);
  return [question, call, result].reduce(append, chat);
}

test('export_andImport_giveTheSame', () => {
  const chats = [sample(), sample()];
  expect(importChats(exportChats(chats))).toEqual(chats);
});

function broken(change: (chat: Record<string, unknown>) => void): string {
  const root = JSON.parse(exportChats([sample()])) as { chats: Record<string, unknown>[] };
  change(root.chats[0]!);
  return JSON.stringify(root);
}

const firstMessage = (chat: Record<string, unknown>): Record<string, unknown> =>
  Object.values(chat['messages'] as Record<string, Record<string, unknown>>)[0]!;

test.each([
  ['no JSON', '{', 'JSON'],
  ['another file', '{"a":1}', 'format'],
  ['a list', '[]', 'format'],
  ['a later version', '{"format":"nearside-chats","version":2,"chats":[]}', 'version'],
  ['no list', '{"format":"nearside-chats","version":1,"chats":{}}', 'chats'],
  ['a chat that is none', '{"format":"nearside-chats","version":1,"chats":[null]}', 'chats[0]'],
  ['a title that is none', broken((chat) => (chat['title'] = 5)), 'chats[0].title'],
  ['a time that is none', broken((chat) => (chat['created'] = 'x')), 'chats[0].created'],
  ['a role that is none', broken((chat) => (firstMessage(chat)['role'] = 'system')), '.role'],
  ['another id', broken((chat) => (firstMessage(chat)['id'] = 'z')), '.id'],
  ['a parent that is not there', broken((chat) => (firstMessage(chat)['parent'] = 'z')), '.parent'],
])('import_%s_tellsWhere', (_, text, where) => {
  let error: unknown;
  try {
    importChats(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(ArchiveError);
  expect((error as ArchiveError).where).toContain(where);
});

test('import_fieldsThatNobodyKnows_areDropped', () => {
  const text = broken((chat) => {
    chat['shown'] = { root: 'nowhere', x: 5 };
    chat['surprise'] = { a: 1 };
  });
  const [chat] = importChats(text);
  expect(chat?.shown).toEqual({});
  expect(chat).not.toHaveProperty('surprise');
});
