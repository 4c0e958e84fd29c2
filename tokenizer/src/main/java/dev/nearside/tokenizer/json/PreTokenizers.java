package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.pre.CharSplitter;
import dev.nearside.tokenizer.pre.PreFamilies;
import dev.nearside.tokenizer.pre.RegexSplitter;
import dev.nearside.tokenizer.pre.SplitBehavior;
import dev.nearside.tokenizer.pre.Splitter;
import dev.nearside.tokenizer.text.ByteAlphabet;
import dev.nearside.tokenizer.text.Unicode;
import dev.nearside.tokenizer.wordpiece.BertText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The pre-tokenizers of {@code tokenizer.json}, one case per type. */
final class PreTokenizers {
  private static final Pattern WORDS =
      Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

  private PreTokenizers() {}

  /**
   * The steps of the file, and whether the last of them writes bytes as stand-ins; that one is left
   * out then, for the model can do it faster.
   */
  record Steps(List<PreTokenizer> steps, boolean endsInBytes) {
    List<String> apply(String text, boolean atStart) {
      List<String> pieces = List.of(text);
      for (PreTokenizer step : steps) {
        pieces = step.apply(pieces, atStart);
      }
      return pieces;
    }
  }

  /**
   * @param bytesInModel whether the model turns text to bytes itself
   */
  static Steps of(@Nullable Component c, boolean bytesInModel) {
    List<Component> flat = new ArrayList<>();
    flatten(c, flat);
    List<PreTokenizer> steps = new ArrayList<>();
    boolean endsInBytes = false;
    for (int i = 0; i < flat.size(); i++) {
      Component part = flat.get(i);
      if (part.type().equals("ByteLevel")) {
        byteLevel(part, steps);
        endsInBytes = i == flat.size() - 1;
        if (!endsInBytes || !bytesInModel) {
          steps.add((pieces, atStart) -> pieces.stream().map(ByteAlphabet::encode).toList());
        }
      } else {
        steps.add(one(part));
      }
    }
    return new Steps(List.copyOf(steps), endsInBytes);
  }

  private static void flatten(@Nullable Component c, List<Component> out) {
    if (c != null && c.type().equals("Sequence")) {
      c.children("pretokenizers").forEach(child -> flatten(child, out));
    } else if (c != null) {
      out.add(c);
    }
  }

  private static PreTokenizer one(Component c) {
    return switch (c.type()) {
      case "Split" -> PreTokenizer.of(split(c));
      case "Digits" ->
          chars(
              Unicode::isNumber,
              c.flag("individual_digits", false)
                  ? SplitBehavior.ISOLATED
                  : SplitBehavior.CONTIGUOUS);
      case "Punctuation" -> chars(BertText::isPunctuation, c.behavior(SplitBehavior.ISOLATED));
      case "Metaspace" -> new Metaspace(c);
      case "Whitespace" ->
          PreTokenizer.of(new RegexSplitter(WORDS, SplitBehavior.REMOVED, true, true));
      case "WhitespaceSplit" -> chars(Unicode::isWhitespace, SplitBehavior.REMOVED);
      case "BertPreTokenizer" ->
          PreTokenizer.of(
              Splitter.chain(
                  List.of(
                      new CharSplitter(Unicode::isWhitespace, SplitBehavior.REMOVED),
                      new CharSplitter(BertText::isPunctuation, SplitBehavior.ISOLATED))));
      case "CharDelimiterSplit" -> delimiter(c);
      default -> throw c.unknownType();
    };
  }

  private static PreTokenizer chars(CharSplitter.Predicate predicate, SplitBehavior behavior) {
    return PreTokenizer.of(new CharSplitter(predicate, behavior));
  }

  private static Splitter split(Component c) {
    JsonNode regex = c.node().path("pattern").path("Regex");
    String original = regex.isString() ? regex.stringValue() : "";
    return c.pattern()
        .splitter(c.behavior(SplitBehavior.ISOLATED), c.flag("invert", false), original);
  }

  private static PreTokenizer delimiter(Component c) {
    String delimiter = c.string("delimiter", "");
    if (delimiter.codePointCount(0, delimiter.length()) != 1) {
      throw c.wrong("delimiter", c.node().get("delimiter"), "one character");
    }
    int wanted = delimiter.codePointAt(0);
    return chars(each -> each == wanted, SplitBehavior.REMOVED);
  }

  /** GPT-2's steps before its bytes: a space in front, and its expression. */
  private static void byteLevel(Component c, List<PreTokenizer> steps) {
    if (c.flag("add_prefix_space", true)) {
      steps.add(
          (pieces, atStart) -> pieces.stream().map(p -> p.startsWith(" ") ? p : " " + p).toList());
    }
    if (c.flag("use_regex", true)) {
      steps.add(PreTokenizer.of(PreFamilies.of("gpt-2").splitter().get()));
    }
  }
}
