package dev.nearside.grammar.automaton;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts of the items that a list already has, latest first. Immutable.
 *
 * @param hash of all of them
 */
record Seen(byte[] text, @Nullable Seen before, int size, int hash) {

  static Seen of(byte[] text, @Nullable Seen before) {
    int rest = before == null ? 0 : before.hash;
    return new Seen(
        text, before, before == null ? 1 : before.size + 1, 31 * rest + Arrays.hashCode(text));
  }

  /** How many of them begin with {@code prefix}. */
  static int startingWith(@Nullable Seen seen, byte[] prefix) {
    int count = 0;
    for (Seen at = seen; at != null; at = at.before) {
      boolean isLonger = at.text.length >= prefix.length;
      if (isLonger && Arrays.equals(at.text, 0, prefix.length, prefix, 0, prefix.length)) {
        count++;
      }
    }
    return count;
  }

  static boolean contains(@Nullable Seen seen, byte[] text) {
    for (Seen at = seen; at != null; at = at.before) {
      if (Arrays.equals(at.text, text)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Seen seen
        && hash == seen.hash
        && size == seen.size
        && Arrays.equals(text, seen.text)
        && java.util.Objects.equals(before, seen.before);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
