package dev.nearside.engine.encode;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.model.EncoderInput;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Texts as a model reads them: between the tokens that its vocabulary puts around a text. Nothing
 * in a text stands for a control token.
 *
 * <p>A pair is {@code prefix, first, suffix, second, suffix}; RoBERTa and its relatives, which are
 * known by their {@code </s>}, have the suffix twice in the middle (transformers,
 * models/roberta/tokenization_roberta.py).
 */
public final class InputFrames {
  private static final String QUERY = "{query}";
  private static final String DOCUMENT = "{document}";

  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int[] prefix;
  private final int[] middle;
  private final int[] suffix;
  private final @Nullable String pairTemplate;

  /**
   * @param maxTokens tokens of an input at most
   * @param pairTemplate how a query and a document are put to a model that answers in words, with
   *     {@code {query}} and {@code {document}} in it; null for a pair
   */
  public InputFrames(Tokenizer tokenizer, int maxTokens, @Nullable String pairTemplate) {
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.pairTemplate = pairTemplate;
    // The frame is what a text is given besides its own tokens.
    int[] own = tokenizer.encode("a", EncodeOptions.TEXT);
    int[] framed = tokenizer.encode("a", EncodeOptions.DOCUMENT);
    int at = Math.max(0, indexOf(framed, own));
    this.prefix = Arrays.copyOf(framed, at);
    this.suffix =
        Arrays.copyOfRange(framed, Math.min(at + own.length, framed.length), framed.length);
    boolean isDoubled = suffix.length == 1 && tokenizer.tokenText(suffix[0]).equals("</s>");
    this.middle = isDoubled ? concat(suffix, suffix) : suffix;
  }

  private static int indexOf(int[] all, int[] part) {
    return IntStream.rangeClosed(0, all.length - part.length)
        .filter(i -> Arrays.equals(all, i, i + part.length, part, 0, part.length))
        .findFirst()
        .orElse(-1);
  }

  /** Tokens of an input at most. */
  public int maxTokens() {
    return maxTokens;
  }

  /**
   * A text.
   *
   * @param isTruncated whether the end of a text that is too long is cut off
   * @param where what the text is, for the error
   * @throws ContextOverflowException when it is too long and may not be cut
   */
  public EncoderInput text(String text, boolean isTruncated, String where) {
    int[] ids = tokenizer.encode(text, EncodeOptions.TEXT);
    int room = room(prefix.length + ids.length + suffix.length, ids.length, isTruncated, where);
    int[] all = concat(prefix, Arrays.copyOf(ids, room), suffix);
    if (all.length == 0) {
      throw nothing(where);
    }
    return EncoderInput.of(all);
  }

  /** Token ids as they are. */
  public EncoderInput tokens(int[] ids, boolean isTruncated, String where) {
    if (ids.length == 0) {
      throw nothing(where);
    }
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.vocabSize()) {
        throw new ChatException(
            Fault.of("token id is out of range")
                .got(id)
                .expected("0 to " + (tokenizer.vocabSize() - 1))
                .where(where));
      }
    }
    return EncoderInput.of(Arrays.copyOf(ids, room(ids.length, ids.length, isTruncated, where)));
  }

  /**
   * A query and a document.
   *
   * @param isTruncated whether the end of a document is cut off where both are too long
   * @param where which document it is, for the error
   * @throws ContextOverflowException when they are too long together
   */
  public EncoderInput pair(String query, String document, boolean isTruncated, String where) {
    if (pairTemplate != null) {
      return templated(pairTemplate, query, document, isTruncated, where);
    }
    int[] first = tokenizer.encode(query, EncodeOptions.TEXT);
    int[] second = tokenizer.encode(document, EncodeOptions.TEXT);
    int fixed = prefix.length + first.length + middle.length + suffix.length;
    int room = room(fixed + second.length, second.length, isTruncated, where);
    int secondFrom = prefix.length + first.length + middle.length;
    int[] ids = concat(prefix, first, middle, Arrays.copyOf(second, room), suffix);
    return new EncoderInput(ids, secondFrom);
  }

  private EncoderInput templated(
      String template, String query, String document, boolean isTruncated, String where) {
    int at = template.indexOf(DOCUMENT);
    String before = at < 0 ? template : template.substring(0, at);
    String after = at < 0 ? "" : template.substring(at + DOCUMENT.length());
    int[] start = questioned(before, query);
    int[] end = questioned(after, query);
    int[] middleIds = tokenizer.encode(document, EncodeOptions.TEXT);
    int total = start.length + middleIds.length + end.length;
    int room = room(total, middleIds.length, isTruncated, where);
    return EncoderInput.of(concat(start, Arrays.copyOf(middleIds, room), end));
  }

  // The template's control tokens are parsed, the query's are not.
  private int[] questioned(String part, String query) {
    int at = part.indexOf(QUERY);
    if (at < 0) {
      return tokenizer.encode(part, EncodeOptions.TEMPLATE);
    }
    return concat(
        tokenizer.encode(part.substring(0, at), EncodeOptions.TEMPLATE),
        tokenizer.encode(query, EncodeOptions.TEXT),
        tokenizer.encode(part.substring(at + QUERY.length()), EncodeOptions.TEMPLATE));
  }

  /** How many of {@code own} tokens stay, of {@code total} with all that must be. */
  private int room(int total, int own, boolean isTruncated, String where) {
    int excess = Math.max(0, total - maxTokens);
    if (excess == 0) {
      return own;
    }
    if (!isTruncated || own < excess) {
      throw new ContextOverflowException(
          Fault.of("a text is too long for the model")
              .got(total + " tokens")
              .expected("at most " + maxTokens)
              .where(where)
              .hint("Split it, or let it be truncated."),
          total,
          maxTokens);
    }
    return own - excess;
  }

  private static ChatException nothing(String where) {
    return new ChatException(
        Fault.of("an input has no tokens").expected("at least one").where(where));
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
