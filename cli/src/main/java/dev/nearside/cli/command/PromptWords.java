package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import dev.nearside.hub.ModelHub;
import java.lang.Character.UnicodeScript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the words behind {@code run} mean. A single word is a model, a single text with blanks or
 * CJK characters is a prompt for the default model; of several words the first is the model.
 *
 * @param model null = the default model
 * @param prompt null = none was given
 */
record PromptWords(@Nullable String model, @Nullable String prompt) {
  /**
   * @throws HubException when the first word should be a model and is none
   */
  static PromptWords of(List<String> words, ModelHub hub, boolean hasModel) {
    if (words.isEmpty()) {
      return new PromptWords(null, null);
    }
    if (hasModel) {
      return new PromptWords(null, String.join(" ", words));
    }
    String first = words.getFirst();
    if (words.size() == 1 && first.isBlank()) {
      return new PromptWords(null, first);
    }
    if (!hub.looksLikeModelName(first)) {
      if (words.size() == 1 && isText(first)) {
        return new PromptWords(null, first);
      }
      throw unknown(first, hub.nearest(first));
    }
    if (words.size() == 1) {
      return new PromptWords(first, null);
    }
    return new PromptWords(first, String.join(" ", words.subList(1, words.size())));
  }

  private static HubException unknown(String word, List<String> near) {
    return new HubException(
        Fault.of("unknown model")
            .got("'" + word + "'")
            .hint(
                (near.isEmpty() ? "" : "Nearest names: " + String.join(", ", near) + ". ")
                    + "A prompt of one word or without quotes needs -p."));
  }

  /** Whether a text has characters of Chinese. */
  static boolean isChinese(String text) {
    return text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == UnicodeScript.HAN);
  }

  private static boolean isText(String word) {
    return word.codePoints().anyMatch(c -> Character.isWhitespace(c) || isCjk(c));
  }

  private static boolean isCjk(int c) {
    return Character.isIdeographic(c)
        || switch (Character.UnicodeScript.of(c)) {
          case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> true;
          default -> false;
        };
  }
}
