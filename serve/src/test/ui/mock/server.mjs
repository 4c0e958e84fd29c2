// A server that speaks what the page uses of the API, with scripted replies: for the unit tests of
// the page and for work on its looks. The acceptance test runs against the real server.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, system } from './models.mjs';
import { completion } from './replies.mjs';

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', txt: 'text/plain' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * options: `ui` the folder of the built page, `key` the API key asked for, `delay` the milliseconds
 * between two pieces of a stream, `installed` names of the models that are there.
 */
export function createMock(options = {}) {
  const state = {
    installed: new Set(options.installed ?? ['smollm2:135m', 'qwen3:0.6b']),
    loaded: new Set(),
    requests: 0,
    delay: options.delay ?? 15,
  };
  const server = createServer((request, response) => {
    handle(request, response, state, options).catch((error) => {
      response.destroy(error);
    });
  });
  return { server, state };
}

async function handle(request, response, state, options) {
  const path = new URL(request.url, 'http://mock').pathname;
  if (path === '/health') {
    return json(response, 200, { status: 'ok' });
  }
  if (!path.startsWith('/api/') && !path.startsWith('/v1/')) {
    return file(response, path, options.ui);
  }
  if (options.key && request.headers.authorization !== `Bearer ${options.key}`) {
    return json(response, 401, { error: { message: 'A valid API key is needed.', type: 'invalid_request_error' } });
  }
  const body = request.method === 'GET' ? {} : await read(request);
  switch (`${request.method} ${path}`) {
    case 'GET /api/tags':
      return json(response, 200, { models: tags(state) });
    case 'GET /api/ps':
      return json(response, 200, { models: running(state) });
    case 'GET /api/nearside/catalogue':
      return json(response, 200, { models: catalogue(state.installed) });
    case 'GET /api/nearside/system':
      return json(response, 200, system(state.loaded));
    case 'GET /api/nearside/metrics':
      return json(response, 200, {
        requests: state.requests, running: 0, waiting: 0, prompt_tokens: 4211 + state.requests * 40,
        cached_tokens: 2048, generated_tokens: 1503, tokens_per_second: state.requests > 0 ? 41.7 : 0,
      });
    case 'POST /api/pull':
      return pull(request, response, body, state);
    case 'DELETE /api/delete':
      state.installed.delete(body.model);
      state.loaded.delete(body.model);
      return json(response, 200, {});
    case 'POST /api/generate':
      body.keep_alive === 0 ? state.loaded.delete(body.model) : state.loaded.add(body.model);
      return json(response, 200, { model: body.model, done: true });
    case 'POST /v1/chat/completions':
      state.requests += 1;
      state.loaded.add(body.model);
      return completion(request, response, body, state);
    default:
      return json(response, 404, { error: { message: `no such path: ${path}` } });
  }
}

function tags(state) {
  return catalogue(state.installed)
    .filter((model) => model.installed)
    .map((model) => ({
      name: model.name,
      size: model.bytes,
      details: { parameter_size: model.parameters, quantization_level: model.quantization, family: model.family },
      capabilities: [model.family === 'bert' ? 'embedding' : 'completion'],
    }));
}

function running(state) {
  return [...state.loaded].map((name) => ({
    name,
    size: 98362432,
    size_vram: 0,
    context_length: 8192,
    expires_at: new Date(Date.now() + 5 * 60_000).toISOString(),
  }));
}

async function pull(request, response, body, state) {
  const known = catalogue(state.installed).find((model) => model.name === body.model);
  if (!known) {
    return json(response, 404, { error: `no model is called ${body.model}` });
  }
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const line = (value) => response.write(`${JSON.stringify(value)}\n`);
  line({ status: 'pulling manifest' });
  for (let part = 0; part <= 40 && !response.destroyed; part++) {
    line({ status: 'downloading', digest: 'sha256:1', total: known.bytes, completed: Math.round((known.bytes * part) / 40) });
    await pause(state.delay * 3);
  }
  if (!response.destroyed) {
    state.installed.add(body.model);
    line({ status: 'verifying' });
    line({ status: 'success' });
    response.end();
  }
}

function file(response, path, folder) {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const known = folder ? readFileSync(join(folder, 'files.txt'), 'utf8').split('\n') : [];
  if (name === '' || !known.includes(name)) {
    return json(response, 404, { error: { message: 'not found' } });
  }
  response.writeHead(200, {
    'Content-Type': `${TYPES[name.split('.').at(-1)] ?? 'application/octet-stream'}; charset=utf-8`,
    'X-Content-Type-Options': 'nosniff',
    ...(name === 'index.html' ? { 'Content-Security-Policy': POLICY } : {}),
  });
  response.end(readFileSync(join(folder, name)));
}

async function read(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return text === '' ? {} : JSON.parse(text);
}

export function json(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
