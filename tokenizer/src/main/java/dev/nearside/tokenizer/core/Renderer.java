package dev.nearside.tokenizer.core;

/**
 * Turns tokens back into bytes, one at a time, so that a stream and a whole text decode alike.
 *
 * @param bytes the bytes of each kind of token, by position
 * @param trimStart what is taken off the beginning of the whole text
 * @param trimEnd what is taken off its end
 */
public record Renderer(TokenBytes bytes, Trim trimStart, Trim trimEnd) {

  /** The bytes of one token. */
  public interface TokenBytes {
    /**
     * @param id in range; of a control token the text counts, which people see only if they ask
     * @param first whether no visible token came before
     */
    byte[] of(int id, boolean first);
  }

  /**
   * Up to {@code max} times the character {@code c}.
   *
   * @param c an ASCII character
   */
  public record Trim(char c, int max) {
    public static final Trim NOTHING = new Trim(' ', 0);
  }

  public static Renderer of(TokenBytes bytes) {
    return new Renderer(bytes, Trim.NOTHING, Trim.NOTHING);
  }
}
