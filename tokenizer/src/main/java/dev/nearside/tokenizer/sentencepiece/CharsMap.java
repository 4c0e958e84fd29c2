package dev.nearside.tokenizer.sentencepiece;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's precompiled normalisation table: the length of a trie in bytes (uint32, little
 * endian), the trie, and zero-terminated replacements. The trie is a double array of Darts-clone:
 * each unit holds an offset to its children (bits 10-30, shifted by 8 more when bit 9 is set), a
 * label (bits 0-7), and whether a value hangs below (bit 8); a value is the replacement's position.
 */
public final class CharsMap {
  private final int[] units;
  private final byte[] replacements;

  public CharsMap(byte[] blob) {
    if (blob.length < 4) {
      throw broken("shorter than its header");
    }
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long trieBytes = Integer.toUnsignedLong(in.getInt());
    if (trieBytes % 4 != 0 || trieBytes > in.remaining()) {
      throw broken("a trie of " + trieBytes + " bytes in " + blob.length);
    }
    units = new int[(int) (trieBytes / 4)];
    in.asIntBuffer().get(units);
    replacements = Arrays.copyOfRange(blob, 4 + (int) trieBytes, blob.length);
  }

  /**
   * A match.
   *
   * @param length how many bytes of the text are replaced
   * @param replacement by what
   */
  public record Match(int length, byte[] replacement) {}

  /** The longest entry that {@code text} has at {@code start}, or null. */
  public @Nullable Match longest(byte[] text, int start) {
    return match(text, start, text.length, false);
  }

  /** The shortest entry at {@code start}: Hugging Face's library takes the first it finds. */
  public @Nullable Match shortest(byte[] text, int start, int end) {
    return match(text, start, end, true);
  }

  private @Nullable Match match(byte[] text, int start, int end, boolean first) {
    if (units.length == 0) {
      return null;
    }
    int length = 0;
    int value = -1;
    int node = offset(units[0]);
    for (int i = start; i < end && text[i] != 0; i++) {
      int c = text[i] & 0xFF;
      node ^= c;
      int unit = unit(node);
      if ((unit & 0x800000FF) != c) {
        break;
      }
      node ^= offset(unit);
      if ((unit >>> 8 & 1) != 0) {
        length = i + 1 - start;
        value = unit(node) & 0x7FFFFFFF;
        if (first) {
          break;
        }
      }
    }
    return value < 0 ? null : new Match(length, replacement(value));
  }

  private byte[] replacement(int position) {
    int end = position;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end >= replacements.length) {
      throw broken("a replacement at " + position + " of " + replacements.length);
    }
    return Arrays.copyOfRange(replacements, position, end);
  }

  private int unit(int index) {
    if (index < 0 || index >= units.length) {
      throw broken("a trie that points to unit " + index + " of " + units.length);
    }
    return units[index];
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private static TokenizerException broken(String how) {
    return new TokenizerException(
        Fault.of("broken normalisation table").got(how).where("precompiled_charsmap"));
  }
}
