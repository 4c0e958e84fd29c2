import type { I18n } from '../../i18n/i18n';
import type { Failure } from '../../chat/types';
import { ApiError } from '../../api/errors';

/** What went wrong in the user's words, and the server's own message where it has one. */
export function failureText(i18n: I18n, failure: Failure): string {
  switch (failure.kind) {
    case 'offline':
      return i18n.t('failure.offline');
    case 'unauthorised':
      return i18n.t('failure.unauthorised');
    case 'busy':
      return failure.retryAfter === undefined
        ? i18n.t('failure.busy')
        : i18n.t('failure.busyFor', { seconds: failure.retryAfter });
    case 'server':
      return i18n.t('failure.server', { message: failure.message });
    case 'stream':
      return i18n.t('failure.stream', { message: failure.message });
    default:
      return failure.message;
  }
}

export function errorText(i18n: I18n, error: unknown): string {
  if (error instanceof ApiError) {
    const { kind, message, retryAfter } = error;
    return failureText(i18n, {
      kind,
      message,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
  return error instanceof Error ? error.message : String(error);
}
