package dev.nearside.chat;

/**
 * The use of a loaded model: it stays in memory until the lease is closed, and as long as it is
 * kept alive afterwards. What a model can't do ({@link ModelFacts.Ability}) throws {@link
 * ChatException}.
 */
public interface ModelLease extends AutoCloseable {
  ModelFacts facts();

  ChatBackend chats();

  CompletionBackend completions();

  TokenService tokens();

  @Override
  void close();
}
