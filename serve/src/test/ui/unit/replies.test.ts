import { Connection } from '../../../main/ui/src/api/connection';
import { Http } from '../../../main/ui/src/api/http';
import { newMessage } from '../../../main/ui/src/chat/create';
import { Replies } from '../../../main/ui/src/chat/replies';
import { ChatStore } from '../../../main/ui/src/chat/store';
import { append } from '../../../main/ui/src/chat/tree';
import { FakeBrowser, MemoryDatabase } from './fakes';

test('chatThatIsRemovedInAnotherTab_needsNoReplyAnyMore', async () => {
  const [database, browser] = [new MemoryDatabase(), new FakeBrowser()];
  const fail = (error: unknown): void => {
    throw error;
  };
  const here = new ChatStore(database, browser.tab(), fail);
  const there = new ChatStore(database, browser.tab(), fail);
  let isAborted = false;
  const http = new Http('', () => '', new Connection(async () => false), (_, { signal }) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        isAborted = true;
        reject(new DOMException('stopped', 'AbortError'));
      });
    }),
  );
  const replies = new Replies(http, here, () => undefined);
  const { id } = here.create({ model: 'm', system: '', parameters: {} });
  const question = newMessage('user', null, 'Why?');
  here.update(id, (chat) => append(chat, question));
  const ended = replies.ask(here.get(id)!, question.id);
  await vi.waitFor(() => expect(Object.keys(there.get(id)?.messages ?? {})).toHaveLength(2));
  expect(isAborted).toBe(false);
  there.remove(id);
  await ended;
  expect(isAborted).toBe(true);
  expect(replies.isRunning(id)).toBe(false);
  expect(database.chats.size).toBe(0);
});
