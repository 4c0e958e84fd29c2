package dev.nearside.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
  private record Result(String text, boolean isStopped) {}

  @Test
  void accept_stopString_endsBeforeIt() {
    assertEquals(new Result("one ", true), run(List.of("two"), List.of("one two three")));
  }

  @Test
  void accept_stopAcrossPieces_isFoundAndNoPartOfItPassedOn() {
    assertEquals(new Result("a", true), run(List.of("###"), List.of("a#", "#", "#b")));
  }

  @Test
  void accept_beginningThatGoesOnOtherwise_isPassedOn() {
    StopMatcher matcher = new StopMatcher(List.of("abc"));
    assertEquals("x", matcher.accept("xab"));
    assertEquals("ab", matcher.accept("ab"));
    assertEquals("ab", matcher.finish());
  }

  @Test
  void accept_nothingHeldBackWithoutNeed_passesOnAtOnce() {
    StopMatcher matcher = new StopMatcher(List.of("stop", ""));
    assertEquals("hello ", matcher.accept("hello "));
    assertEquals("", matcher.accept("st"));
    assertEquals("star", matcher.accept("ar"));
  }

  @Test
  void accept_stopInsideLongerOne_theOneCompleteFirstWins() {
    assertEquals(new Result("a", true), run(List.of("bc", "abcd"), List.of("abcd")));
    assertEquals(new Result("a", true), run(List.of("bc", "abcd"), List.of("a", "b", "c", "d")));
  }

  @Test
  void accept_anySplit_givesTheSameAsCharacterByCharacter() {
    Random random = new Random(4);
    for (int round = 0; round < 20_000; round++) {
      String text = letters(random, random.nextInt(24));
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        stops.add(letters(random, 1 + random.nextInt(5)));
      }
      assertEquals(
          expected(stops, text), run(stops, pieces(random, text)), text + " with stops " + stops);
    }
  }

  // By definition: at the first position at which any stop string is complete, the longest counts.
  private static Result expected(List<String> stops, String text) {
    for (int end = 1; end <= text.length(); end++) {
      String head = text.substring(0, end);
      int longest = stops.stream().filter(head::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return new Result(head.substring(0, end - longest), true);
      }
    }
    return new Result(text, false);
  }

  private static Result run(List<String> stops, List<String> pieces) {
    StopMatcher matcher = new StopMatcher(stops);
    StringBuilder out = new StringBuilder();
    pieces.forEach(p -> out.append(matcher.accept(p)));
    out.append(matcher.finish());
    return new Result(out.toString(), matcher.isStopped());
  }

  private static String letters(Random random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append((char) ('a' + random.nextInt(3)));
    }
    return out.toString();
  }

  static List<String> pieces(Random random, String text) {
    List<String> out = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + random.nextInt(5));
      out.add(text.substring(at, end));
      at = end;
    }
    return out;
  }
}
