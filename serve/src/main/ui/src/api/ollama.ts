import { ApiError, messageIn } from './errors';
import type { Http } from './http';
import { LineParser } from './ndjson';
import { parts } from './stream';

export interface InstalledModel {
  name: string;
  size: number;
  details?: { parameter_size?: string; quantization_level?: string; family?: string };
  /** What it is for: `completion`, `embedding` or `rerank`. */
  capabilities?: string[];
}

export interface RunningModel {
  name: string;
  size?: number;
  size_vram?: number;
  expires_at?: string;
  context_length?: number;
}

export interface PullLine {
  status: string;
  digest?: string;
  total?: number;
  completed?: number;
}

export interface ModelFacts {
  details?: { parameter_size?: string; quantization_level?: string; family?: string };
  model_info?: Record<string, unknown>;
  capabilities?: string[];
  template?: string;
  license?: string;
}

/** The calls to Ollama's part of the API. */
export class OllamaApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async installed(): Promise<InstalledModel[]> {
    return (await this.#http.json<{ models?: InstalledModel[] }>('/api/tags')).models ?? [];
  }

  async running(): Promise<RunningModel[]> {
    return (await this.#http.json<{ models?: RunningModel[] }>('/api/ps')).models ?? [];
  }

  show(model: string): Promise<ModelFacts> {
    return this.#http.json('/api/show', { body: { model } });
  }

  /** Ends when the model is there; closing the stream (`signal`) stops the download. */
  async *pull(model: string, signal: AbortSignal): AsyncGenerator<PullLine> {
    const response = await this.#http.send('/api/pull', { body: { model, stream: true }, signal });
    let isDone = false;
    for await (const line of parts(response, new LineParser())) {
      const value = parse(line);
      isDone ||= value.status === 'success';
      yield value;
    }
    if (!isDone) {
      throw new ApiError('offline', 'The stream ended early.');
    }
  }

  async remove(model: string): Promise<void> {
    await this.#http.send('/api/delete', { method: 'DELETE', body: { model } });
  }

  async load(model: string): Promise<void> {
    await this.#http.send('/api/generate', { body: { model, stream: false } });
  }

  async unload(model: string): Promise<void> {
    await this.#http.send('/api/generate', { body: { model, stream: false, keep_alive: 0 } });
  }
}

function parse(line: string): PullLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ApiError('stream', `Not JSON: ${line.slice(0, 200)}`);
  }
  const failure = messageIn(value);
  if (failure !== undefined) {
    throw new ApiError('server', failure);
  }
  return value as PullLine;
}
