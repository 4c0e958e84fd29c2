package dev.nearside.chat;

/** Continues a text as it stands, without roles or template. */
public interface CompletionBackend {
  /**
   * Streams the continuation of {@code request.prompt()} into {@code sink}; the rules of {@link
   * ChatBackend#chat} hold.
   *
   * @throws ChatException when the request can't be answered
   */
  Finished complete(CompletionRequest request, ChatSink sink) throws InterruptedException;
}
