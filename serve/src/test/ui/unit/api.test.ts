// @vitest-environment node
import type { AddressInfo } from 'node:net';
import { createMock } from '../mock/server.mjs';
import { Connection } from '../../../main/ui/src/api/connection';
import { ApiError } from '../../../main/ui/src/api/errors';
import { Http } from '../../../main/ui/src/api/http';
import { NearsideApi } from '../../../main/ui/src/api/nearside';
import { OllamaApi } from '../../../main/ui/src/api/ollama';
import { ModelStore } from '../../../main/ui/src/models/store';
import { streamChat, type ChatPart } from '../../../main/ui/src/api/openai';

const { server, state } = createMock({ key: 'secret', delay: 0, installed: ['smollm2:135m'] });
let base = '';
let key = 'secret';
let connection: Connection;
let http: Http;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  key = 'secret';
  state.delay = 0;
  connection = new Connection(async () => true);
  http = new Http(base, () => key, connection);
});

const ask = (content: string, signal = new AbortController().signal) =>
  streamChat(http, { model: 'smollm2:135m', messages: [{ role: 'user', content }] }, signal);

async function failure(run: () => Promise<unknown>): Promise<ApiError> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return error as ApiError;
  }
  throw new Error('nothing was thrown');
}

async function all(stream: AsyncIterable<ChatPart>): Promise<ChatPart[]> {
  const parts: ChatPart[] = [];
  for await (const part of stream) {
    parts.push(part);
  }
  return parts;
}

test('chat_streamsToItsEnd', async () => {
  const parts = await all(ask('tea?'));
  expect(parts.at(-2)).toEqual({ type: 'finish', reason: 'stop' });
  expect(parts.at(-1)).toMatchObject({ type: 'usage', usage: { promptTokens: 54 } });
  expect(parts.filter((part) => part.type === 'text').map((part) => part.text).join('')).toContain('| Taste |');
  expect(connection.state).toBe('up');
});

test('chat_aborted_isAnAbortError_andTheServerStops', async () => {
  state.delay = 20;
  const controller = new AbortController();
  const seen: ChatPart[] = [];
  const run = (async () => {
    for await (const part of ask('long', controller.signal)) {
      seen.push(part);
      if (seen.length === 3) {
        controller.abort();
      }
    }
  })();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen.length).toBeLessThan(10);
});

test('wrongKey_isUnauthorised', async () => {
  key = 'wrong';
  const error = await failure(() => new OllamaApi(http).installed());
  expect(error).toMatchObject({ kind: 'unauthorised', status: 401, message: 'A valid API key is needed.' });
  expect(connection.state).toBe('unauthorised');
  key = 'secret';
  await new OllamaApi(http).installed();
  expect(connection.state).toBe('up');
});

test.each([
  [503, 'busy', 7],
  [429, 'busy', 7],
  [500, 'server', 7],
  [400, 'request', 7],
])('status_%i_is_%s', async (status, kind, retryAfter) => {
  const error = await failure(() => all(ask(`fail with ${status}`)));
  expect(error).toMatchObject({ kind, status, retryAfter, message: 'The server was asked to fail.' });
});

test('noServer_isOffline', async () => {
  const nobody = new Http('http://127.0.0.1:9', () => '', connection);
  expect(await failure(() => nobody.json('/health'))).toMatchObject({ kind: 'offline' });
  expect(connection.state).toBe('down');
});

test('streamThatBreaksOff_isOffline', async () => {
  const cut = new Http('', () => '', connection, async () => new Response('data: {"choices":[]}\n\n'));
  const stream = streamChat(cut, { model: 'm', messages: [] }, new AbortController().signal);
  expect(await failure(() => all(stream))).toMatchObject({ kind: 'offline' });
});

test('errorInTheMiddle_isTheServers', async () => {
  const body = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"error":{"message":"boom"}}\n\n';
  const cut = new Http('', () => '', connection, async () => new Response(body));
  const stream = streamChat(cut, { model: 'm', messages: [] }, new AbortController().signal);
  expect(await failure(() => all(stream))).toMatchObject({ kind: 'server', message: 'boom' });
});

test('answerThatIsNoJson_isAnErrorOfTheStream', async () => {
  const odd = new Http('', () => '', connection, async () => new Response('<html>'));
  expect(await failure(() => odd.json('/x'))).toMatchObject({ kind: 'stream' });
});

test('models_pullLoadUnloadRemove', async () => {
  const ollama = new OllamaApi(http);
  const lines = [];
  for await (const line of ollama.pull('gemma3:270m', new AbortController().signal)) {
    lines.push(line);
  }
  expect(lines.at(-1)).toEqual({ status: 'success' });
  expect((await ollama.installed()).map((model) => model.name)).toContain('gemma3:270m');
  await ollama.load('gemma3:270m');
  expect((await ollama.running()).map((model) => model.name)).toContain('gemma3:270m');
  expect((await new NearsideApi(http).system()).loaded.map((model) => model.name)).toContain('gemma3:270m');
  await ollama.unload('gemma3:270m');
  expect((await ollama.running()).map((model) => model.name)).not.toContain('gemma3:270m');
  await ollama.remove('gemma3:270m');
  expect((await ollama.installed()).map((model) => model.name)).not.toContain('gemma3:270m');
});

test('modelsThatWriteNoText_areNotOfferedForChats', async () => {
  state.installed.add('all-minilm:l6-v2');
  const store = new ModelStore(new OllamaApi(http), new NearsideApi(http), (error) => {
    throw error;
  });
  await store.refresh();
  expect(store.installed.map((model) => model.name)).toContain('all-minilm:l6-v2');
  expect(store.writers.map((model) => model.name)).not.toContain('all-minilm:l6-v2');
  expect(store.preferred('all-minilm:l6-v2')).toBe('smollm2:135m');
  state.installed.delete('all-minilm:l6-v2');
});

test('pull_unknownName_tellsWhy', async () => {
  const error = await failure(async () => {
    for await (const _ of new OllamaApi(http).pull('nothing', new AbortController().signal)) {
      // Only the end matters.
    }
  });
  expect(error).toMatchObject({ kind: 'request', message: 'no model is called nothing' });
});
