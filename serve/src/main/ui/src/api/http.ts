import { ApiError, isAbort, kindOf, messageIn } from './errors';

export interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
}

/** Hears how calls end; `Connection` is the one. */
export interface CallListener {
  answered(): void;
  failed(error: ApiError): void;
}

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Calls to the server: the key goes along, failures become `ApiError`. */
export class Http {
  readonly #base: string;
  readonly #key: () => string;
  readonly #listener: CallListener;
  readonly #fetch: Fetch;

  /** `base` is the server's address without a slash at the end; empty for the page's own. */
  constructor(base: string, key: () => string, listener: CallListener, fetcher?: Fetch) {
    this.#base = base;
    this.#key = key;
    this.#listener = listener;
    this.#fetch = fetcher ?? ((input, init) => fetch(input, init));
  }

  /** The answer, once its status says that it is a good one. An abort stays an `AbortError`. */
  async send(path: string, call: Call = {}): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(this.#base + path, this.#init(call));
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
      throw this.#fail(new ApiError('offline', error instanceof Error ? error.message : ''));
    }
    if (!response.ok) {
      throw this.#fail(await read(response));
    }
    this.#listener.answered();
    return response;
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.send(path, call);
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
      throw new ApiError('stream', `${path}: ${error instanceof Error ? error.message : ''}`);
    }
  }

  #init({ method, body, signal }: Call): RequestInit {
    const headers: Record<string, string> = {};
    const key = this.#key();
    if (key) {
      headers['Authorization'] = `Bearer ${key}`;
    }
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    return {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      cache: 'no-store',
      credentials: 'omit',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    };
  }

  #fail(error: ApiError): ApiError {
    this.#listener.failed(error);
    return error;
  }
}

async function read(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let message = text.trim().slice(0, 500);
  try {
    message = messageIn(JSON.parse(text)) ?? message;
  } catch {
    // No JSON: a proxy's page, perhaps. The text itself is the best there is.
  }
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(
    kindOf(response.status),
    message || `HTTP ${response.status} ${response.statusText}`.trim(),
    response.status,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}
