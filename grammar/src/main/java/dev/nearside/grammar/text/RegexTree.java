package dev.nearside.grammar.text;

import dev.nearside.grammar.CharSet;
import java.util.List;

/** A parsed regular expression. */
sealed interface RegexTree {
  /** One character of the set. */
  record Chars(CharSet set) implements RegexTree {}

  /** One after the other; empty for the empty text. */
  record Sequence(List<RegexTree> parts) implements RegexTree {}

  record Choice(List<RegexTree> options) implements RegexTree {}

  /**
   * Repetition.
   *
   * @param max -1 for no limit
   */
  record Repeat(RegexTree body, int min, int max) implements RegexTree {}

  /** Nothing came before. */
  record Start() implements RegexTree {}

  /** Nothing follows. */
  record End() implements RegexTree {}

  /** What follows begins (or does not begin) so; only at the start of a pattern. */
  record Look(RegexTree body, boolean isNegated) implements RegexTree {}
}
