package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.sentencepiece.CharsMap;
import dev.nearside.tokenizer.text.Growth;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's table as Hugging Face's library applies it: short grapheme clusters are looked up
 * whole, then character by character; the first entry that is a prefix counts for all of it.
 */
record PrecompiledText(CharsMap map) implements Normalizer {
  private static final Pattern GRAPHEME = Pattern.compile("\\X");
  private static final int LONGEST_CLUSTER = 6;

  @Override
  public String apply(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Matcher cluster = GRAPHEME.matcher(text);
    while (cluster.find()) {
      Growth.check(out.length(), text.length());
      String part = cluster.group();
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      String whole = bytes.length < LONGEST_CLUSTER ? replacement(bytes) : null;
      if (whole != null) {
        out.append(whole);
        continue;
      }
      part.codePoints()
          .forEach(c -> {
            String character = Character.toString(c);
            String single = replacement(character.getBytes(StandardCharsets.UTF_8));
            out.append(single == null ? character : single);
          });
    }
    return out.toString();
  }

  private @Nullable String replacement(byte[] bytes) {
    CharsMap.Match match = map.shortest(bytes, 0, bytes.length);
    return match == null ? null : new String(match.replacement(), StandardCharsets.UTF_8);
  }
}
