package dev.nearside.tokenizer.bpe;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.text.IntList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the merges of a vocabulary.
 *
 * <p>Merges go by text: one may lead over a text that is no token itself. Such texts become
 * <em>phantom</em> symbols, numbered after the tokens; one that is left over at the end is written
 * as the tokens of its characters or bytes, as far as there are any.
 */
public final class BpeBuilder {
  final Map<String, Integer> ids;
  final int tokens;
  final MergeTable merges;
  final NeighbourFilter filter = new NeighbourFilter();
  final Map<String, Integer> phantoms = new HashMap<>();
  boolean cuts = true;

  private final List<String> phantomTexts = new ArrayList<>();
  private final boolean strict;
  private Function<String, int[]> spelling = text -> new int[0];

  /**
   * @param ids the tokens by text
   * @param tokens more than the highest id
   * @param expectedMerges how many merges will come
   * @param strict whether a merge of unknown texts is an error, as in Hugging Face's library;
   *     otherwise it makes phantoms, as in llama.cpp
   */
  public BpeBuilder(Map<String, Integer> ids, int tokens, int expectedMerges, boolean strict) {
    this.ids = ids;
    this.tokens = tokens;
    this.strict = strict;
    this.merges = new MergeTable(expectedMerges);
  }

  /** How a phantom that is left over is written in tokens. */
  public BpeBuilder spelling(Function<String, int[]> tokensOfText) {
    spelling = tokensOfText;
    return this;
  }

  /** Tells that the text of a part isn't the text that it stands for, so no cut is safe. */
  public BpeBuilder withoutCuts() {
    cuts = false;
    return this;
  }

  /** Adds the next merge in order of priority. */
  public void merge(String left, String right, String merged) {
    if (left.isEmpty() || right.isEmpty()) {
      return;
    }
    int leftSymbol = symbol(left);
    int rightSymbol = symbol(right);
    merges.add(leftSymbol, rightSymbol, symbol(merged));
    int last = known(left.substring(left.offsetByCodePoints(left.length(), -1)));
    int first = known(right.substring(0, right.offsetByCodePoints(0, 1)));
    allow(last, first);
    // A byte token is a first symbol itself, besides what its text spells.
    boolean leftIsByte = Vocabulary.byteOf(left) >= 0;
    boolean rightIsByte = Vocabulary.byteOf(right) >= 0;
    if (leftIsByte) {
      allow(leftSymbol, first);
    }
    if (rightIsByte) {
      allow(last, rightSymbol);
    }
    if (leftIsByte && rightIsByte) {
      allow(leftSymbol, rightSymbol);
    }
  }

  /** The symbol of a text that may have to become a phantom. */
  public int symbol(String text) {
    Integer id = ids.get(text);
    if (id != null) {
      return id;
    }
    if (strict) {
      throw new TokenizerException(
          Fault.of("merge of a text that is no token")
              .got(text.length() > 40 ? text.substring(0, 40) + "…" : text)
              .where("merge " + merges.size()));
    }
    return phantoms.computeIfAbsent(text, this::newPhantom);
  }

  public BpeModel build() {
    return new BpeModel(this);
  }

  int[][] phantomTokens() {
    int[][] out = new int[phantomTexts.size()][];
    for (int i = 0; i < out.length; i++) {
      out[i] = spelling.apply(phantomTexts.get(i));
    }
    return out;
  }

  /** Spells a text of byte stand-ins or characters with the tokens of its code points. */
  public static int[] spell(String text, Function<String, @Nullable Integer> ids) {
    IntList out = new IntList();
    text.codePoints()
        .forEach(c -> {
          Integer id = ids.apply(Character.toString(c));
          if (id != null) {
            out.add(id);
          }
        });
    return out.toArray();
  }

  /**
   * A first symbol for a character; one that is unknown so far will be a phantom if it ever is a
   * symbol at all.
   */
  private int known(String character) {
    Integer id = ids.get(character);
    if (id != null) {
      return id;
    }
    return strict ? -1 : phantoms.computeIfAbsent(character, this::newPhantom);
  }

  private int newPhantom(String text) {
    phantomTexts.add(text);
    return tokens + phantomTexts.size() - 1;
  }

  private void allow(int left, int right) {
    if (left >= 0 && right >= 0) {
      filter.allow(left, right);
    }
  }
}
