package dev.nearside.engine.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ways to cut a reply. */
final class Pieces {
  // Special tokens whole, words with their space, all else alone: as vocabularies do.
  private static final Pattern TOKEN =
      Pattern.compile("<[|｜/\\w][^<>\\s]*>|\\[[A-Z_/]+]| ?\\w{1,6}|.", Pattern.DOTALL);

  private Pieces() {}

  static List<String> whole(String text) {
    return List.of(text);
  }

  static List<String> characters(String text) {
    return text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
  }

  static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (Matcher m = TOKEN.matcher(text); m.find(); ) {
      tokens.add(m.group());
    }
    return tokens;
  }

  static List<String> random(String text, Random random) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(9));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }
}
