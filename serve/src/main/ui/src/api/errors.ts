import { isObject } from '../core/json';

/**
 * Why a call failed:
 * `offline` no answer at all, `unauthorised` a key is missing or not known, `busy` try again later,
 * `request` the server refuses this request, `server` the server failed, `stream` an answer that
 * broke off or could not be read.
 */
export type FailureKind = 'offline' | 'unauthorised' | 'busy' | 'request' | 'server' | 'stream';

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status?: number,
    /** Seconds, where the server said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export function kindOf(status: number): FailureKind {
  if (status === 401) {
    return 'unauthorised';
  }
  if (status === 429 || status === 503) {
    return 'busy';
  }
  return status >= 500 ? 'server' : 'request';
}

/** The message in an error of any dialect: `{"error":{"message"}}`, `{"error":"…"}`, plain text. */
export function messageIn(body: unknown): string | undefined {
  if (!isObject(body)) {
    return undefined;
  }
  const error = body['error'];
  if (typeof error === 'string') {
    return error;
  }
  const message = isObject(error) ? error['message'] : body['message'];
  return typeof message === 'string' ? message : undefined;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
