package dev.nearside.tokenizer;

/**
 * Detokenises a stream: ids go in one by one, whole characters come out. A character whose bytes
 * are spread over several tokens is held back until its last byte is there, so a piece never ends
 * in half a character or half a surrogate pair. The pieces joined equal {@link Tokenizer#decode} of
 * the same ids. Not thread-safe; one per stream.
 */
public interface IncrementalDecoder {

  /** The characters that are complete after {@code id}; often one token's text, may be empty. */
  String accept(int id);

  /** What was held back, with U+FFFD for an unfinished character; then the decoder starts anew. */
  String finish();
}
