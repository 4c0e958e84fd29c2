package dev.nearside.tokenizer.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns a stream of UTF-8 bytes into characters, as soon as a character is complete. Wrong bytes
 * become U+FFFD, one per maximal subpart, as the Unicode standard recommends.
 */
public final class Utf8Stream {
  /** An unfinished character is at most three bytes. */
  private static final int MAX_HELD = 3;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] held = new byte[0];

  /** The characters that {@code bytes} complete. */
  public String accept(byte[] bytes) {
    if (bytes.length == 0) {
      return "";
    }
    return decode(bytes, false);
  }

  /** U+FFFD for what was held back, if anything; then the stream starts anew. */
  public String finish() {
    String rest = decode(new byte[0], true);
    decoder.reset();
    held = new byte[0];
    return rest;
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(held.length + bytes.length).put(held).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + MAX_HELD);
    decoder.reset();
    decoder.decode(in, out, last);
    held = new byte[in.remaining()];
    in.get(held);
    return out.flip().toString();
  }
}
