package dev.nearside.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A model that chooses any allowed token. */
final class Walks {
  private Walks() {}

  /** Takes a random token of the mask; returns it, or -1 for the end of the reply. */
  static int step(Matcher matcher, int remaining, Random random) {
    long[] mask = matcher.mask(remaining);
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    if (count == 0) {
      throw new AssertionError("no token is allowed, with " + remaining + " left");
    }
    int chosen = random.nextInt(count);
    for (int word = 0; word < mask.length; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        if (chosen-- == 0) {
          int id = word * 64 + Long.numberOfTrailingZeros(bits);
          if (!matcher.accept(id)) {
            throw new AssertionError("refused a token of its own mask: " + id);
          }
          return id;
        }
      }
    }
    throw new AssertionError("unreachable");
  }

  /** A whole text within the budget. */
  static String text(TokenGrammar grammar, TokenVocabulary vocabulary, int budget, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher matcher = grammar.newMatcher();
    for (int left = budget; left > 0 && !matcher.mustEnd(); left--) {
      int id = step(matcher, left, random);
      if (vocabulary.isEnd(id)) {
        break;
      }
      out.writeBytes(vocabulary.bytes(id));
    }
    if (!matcher.isComplete()) {
      throw new AssertionError("incomplete: " + out.toString(StandardCharsets.UTF_8));
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
