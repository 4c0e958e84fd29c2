package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.Tokenizer;
import java.util.OptionalInt;

/**
 * Whether two models mean the same by a token id, as llama.cpp asks it ({@code
 * common_speculative_are_compatible} in {@code common/speculative.cpp}): the same texts from the
 * fifth token on, the same first and last token where the tokenizer adds them, and sizes that
 * differ by some padding at most. The first five are often unused or named in another way.
 *
 * <p>A guess in a wrong vocabulary would be harmless, and never right.
 */
final class SharedVocabulary {
  private static final int MOST_PADDING = 128;
  private static final int FIRST = 5;
  private static final int SHOWN = 40; // characters of a token

  private SharedVocabulary() {}

  /**
   * The number of tokens that both have.
   *
   * @throws DraftMismatchException naming the first difference
   */
  static int size(Tokenizer target, Tokenizer draft) {
    int a = target.vocabSize();
    int b = draft.vocabSize();
    if (Math.abs(a - b) > MOST_PADDING) {
      throw new DraftMismatchException(
          fault("the draft model's vocabulary has another size")
              .got(b + " tokens")
              .expected(a + ", give or take " + MOST_PADDING));
    }
    checkAdded(
        "first",
        target.specials().addBos() ? target.specials().bos() : OptionalInt.empty(),
        draft.specials().addBos() ? draft.specials().bos() : OptionalInt.empty());
    checkAdded(
        "last",
        target.specials().addEos() ? target.specials().eos() : OptionalInt.empty(),
        draft.specials().addEos() ? draft.specials().eos() : OptionalInt.empty());
    int common = Math.min(a, b);
    for (int id = FIRST; id < common; id++) {
      if (!target.tokenText(id).equals(draft.tokenText(id))) {
        throw new DraftMismatchException(
            fault("the draft model has another vocabulary")
                .got(shown(draft.tokenText(id)))
                .expected(shown(target.tokenText(id)))
                .where("token " + id));
      }
    }
    return common;
  }

  private static void checkAdded(String which, OptionalInt target, OptionalInt draft) {
    if (!target.equals(draft)) {
      throw new DraftMismatchException(
          fault("the draft model's tokenizer adds another " + which + " token")
              .got(shown(draft))
              .expected(shown(target)));
    }
  }

  private static Fault fault(String what) {
    return Fault.of(what)
        .hint("Take a smaller model of the same family as the draft, or leave --draft out.");
  }

  private static String shown(OptionalInt id) {
    return id.isPresent() ? "token " + id.getAsInt() : "none";
  }

  private static String shown(String text) {
    String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return '"' + cut + '"';
  }
}
