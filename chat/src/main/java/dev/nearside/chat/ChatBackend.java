package dev.nearside.chat;

/**
 * Answers a chat: the joint of device and cloud. The local engine, cloud clients, routers and
 * filters all are one; a filter is a backend around a backend.
 */
public interface ChatBackend {
  /**
   * Streams the reply to {@code request} into {@code sink} on the caller's (virtual) thread.
   * Exactly one end: the {@link Finished} returned, or an exception; nothing reaches the sink after
   * it. Interrupting the caller, or a sink that throws, cancels within one step.
   *
   * @throws ChatException when the request can't be answered
   */
  Finished chat(ChatRequest request, ChatSink sink) throws InterruptedException;
}
