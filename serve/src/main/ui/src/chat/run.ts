import { isAbort } from '../api/errors';
import type { Http } from '../api/http';
import { streamChat, type ChatRequest } from '../api/openai';
import type { ReplyBuilder } from './reply';

/**
 * Streams a reply into a builder until it ends. Nothing is thrown: a stop and a failure become
 * part of the message, where the user sees them.
 */
export async function run(
  http: Http,
  request: ChatRequest,
  builder: ReplyBuilder,
  signal: AbortSignal,
  onPart: () => void,
): Promise<void> {
  try {
    for await (const part of streamChat(http, request, signal)) {
      builder.accept(part);
      onPart();
    }
  } catch (error) {
    if (isAbort(error)) {
      builder.cancelled();
    } else {
      builder.failed(error);
    }
  }
}
