package dev.nearside.tokenizer.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The printable stand-ins for bytes that GPT-2 introduced ({@code bytes_to_unicode} in its
 * encoder.py): visible Latin-1 characters stand for themselves, the other 68 bytes for U+0100 and
 * on. A space is {@code Ġ}, a newline {@code Ċ}.
 */
public final class ByteAlphabet {
  private static final char[] CHAR_OF = new char[256];
  private static final short[] BYTE_OF = new short[0x144];

  static {
    Arrays.fill(BYTE_OF, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      CHAR_OF[b] = visible ? (char) b : next++;
      BYTE_OF[CHAR_OF[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The stand-in for an unsigned byte, 0 to 255. */
  public static char charOf(int unsignedByte) {
    return CHAR_OF[unsignedByte];
  }

  /** The unsigned byte that {@code c} stands for, or -1. */
  public static int byteOf(int c) {
    return c < BYTE_OF.length ? BYTE_OF[c] : -1;
  }

  /** The UTF-8 bytes of {@code text}, written in stand-ins. */
  public static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char[] out = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = CHAR_OF[bytes[i] & 0xFF];
    }
    return new String(out);
  }

  /** The bytes that {@code standIns} stand for; null when a character is none of them. */
  public static byte @Nullable [] decode(String standIns) {
    byte[] out = new byte[standIns.length()];
    for (int i = 0; i < out.length; i++) {
      int b = byteOf(standIns.charAt(i));
      if (b < 0) {
        return null;
      }
      out[i] = (byte) b;
    }
    return out;
  }
}
