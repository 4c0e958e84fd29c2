package dev.nearside.format.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8. */
public final class Utf8 {
  private Utf8() {}

  /** The string in these bytes, or null when they are not valid UTF-8. */
  public static @Nullable String decode(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return "";
    }
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The constructor is several times faster than a decoder and writes U+FFFD for bad bytes; only
    // a string that has one, rightly or not, needs the strict decoder.
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      return text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
