import { ApiError, isAbort } from './errors';

export interface PieceParser {
  push(piece: string): string[];
  end?(): string[];
}

/** The parts of a streamed body, in order, while it arrives. Leaving the loop closes the stream. */
export async function* parts(response: Response, parser: PieceParser): AsyncGenerator<string> {
  if (!response.body) {
    throw new ApiError('stream', 'The answer has no body.');
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await read(reader);
      if (done) {
        break;
      }
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
    yield* parser.push(decoder.decode());
    yield* parser.end?.() ?? [];
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    throw new ApiError('offline', error instanceof Error ? error.message : '');
  }
}
