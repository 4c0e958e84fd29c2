package dev.nearside.chat;

/** Text to tokens and back, without generating anything. */
public interface TokenService {
  /**
   * Token ids of a text.
   *
   * @param parseSpecial whether the names of special tokens stand for these tokens
   * @param addSpecial whether the model's own BOS and EOS are added
   */
  int[] tokenize(String text, boolean parseSpecial, boolean addSpecial);

  /**
   * The text of token ids, special ones included.
   *
   * @throws ChatException when an id is out of range
   */
  String detokenize(int[] ids);

  /** The bytes of one token as they stand in the middle of a text. */
  byte[] bytes(int id);

  /**
   * The prompt that {@link ChatBackend#chat} would compute, as text.
   *
   * @throws ChatException when the model has no template, or refuses the messages
   */
  String render(ChatRequest request);

  /** The number of tokens of that prompt. */
  int count(ChatRequest request);
}
