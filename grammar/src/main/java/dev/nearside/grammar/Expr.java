package dev.nearside.grammar;

import dev.nearside.base.Fault;
import dev.nearside.grammar.text.CharDfa;
import dev.nearside.grammar.text.Regex;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a text may look like: the parts that grammars are put together from. Rules are named and may
 * refer to themselves, as long as something comes before the reference.
 */
public sealed interface Expr {
  /** No limit of a repetition. */
  int UNLIMITED = -1;

  /** Exactly this text. */
  record Text(String text) implements Expr {}

  /** One character. */
  record Chars(CharSet set) implements Expr {}

  /**
   * A text of a regular language.
   *
   * @param isJson whether it stands inside a JSON string, so that quotes, backslashes and control
   *     characters appear as their escapes
   */
  record Language(CharDfa dfa, boolean isJson) implements Expr {}

  /**
   * A JSON string with its quotes.
   *
   * @param min fewest characters
   * @param max most characters, or {@link #UNLIMITED}
   */
  record JsonString(int min, int max) implements Expr {}

  /** One after the other; empty for the empty text. */
  record Sequence(List<Expr> parts) implements Expr {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of them. Without options nothing matches. */
  record Choice(List<Expr> options) implements Expr {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /**
   * Repetition.
   *
   * @param max most, or {@link #UNLIMITED}
   */
  record Repeat(Expr body, int min, int max) implements Expr {
    public Repeat {
      if (min < 0 || (max != UNLIMITED && max < min)) {
        throw new GrammarException(
            Fault.of("wrong repetition").got("{" + min + "," + max + "}").expected("min <= max"));
      }
    }
  }

  /**
   * Ways from state 0 to a final state.
   *
   * @param size how many states there are
   */
  record Graph(int size, List<Arc> arcs, Set<Integer> finals) implements Expr {
    public Graph {
      arcs = List.copyOf(arcs);
      finals = Set.copyOf(finals);
    }

    /** From one state to another by what {@code by} matches. */
    public record Arc(int from, int to, Expr by) {}

    /** Whether arcs of this kind alone lead from the start to an end. */
    public boolean isPassable(Predicate<Expr> kind) {
      Map<Integer, List<Arc>> ways = arcs.stream().collect(Collectors.groupingBy(Arc::from));
      Set<Integer> reached = new HashSet<>(Set.of(0));
      Deque<Integer> todo = new ArrayDeque<>(reached);
      while (!todo.isEmpty()) {
        for (Arc arc : ways.getOrDefault(todo.remove(), List.of())) {
          if (!reached.contains(arc.to()) && kind.test(arc.by())) {
            reached.add(arc.to());
            todo.add(arc.to());
          }
        }
      }
      return reached.stream().anyMatch(finals::contains);
    }
  }

  /**
   * A text of a list that no other text of the list may equal. The list is the rule that this is
   * written in.
   *
   * @param texts the language; one value has one text
   * @param most how many of them a list has at most
   */
  record Distinct(CharDfa texts, int most) implements Expr {}

  /** The rule of this name. */
  record Rule(String name) implements Expr {}

  /**
   * One token of the vocabulary, also one without text of its own.
   *
   * @param reference the stored text of the token, or its id as {@code [123]}
   * @param isNegated any ordinary token except this one
   */
  record Token(String reference, boolean isNegated) implements Expr {}

  /** The rules that this expression names itself, each once. */
  default SequencedSet<String> ruleNames() {
    SequencedSet<String> names = new LinkedHashSet<>();
    Deque<Expr> todo = new ArrayDeque<>(List.of(this));
    while (!todo.isEmpty()) {
      switch (todo.remove()) {
        case Rule(String name) -> names.add(name);
        case Sequence(var parts) -> todo.addAll(parts);
        case Choice(var options) -> todo.addAll(options);
        case Repeat repeat -> todo.add(repeat.body());
        case Graph graph -> graph.arcs().forEach(arc -> todo.add(arc.by()));
        case Text t -> {}
        case Chars t -> {}
        case Language t -> {}
        case JsonString t -> {}
        case Distinct t -> {}
        case Token t -> {}
      }
    }
    return names;
  }

  /** Exactly this text. */
  static Expr text(String text) {
    return new Text(text);
  }

  static Expr sequence(Expr... parts) {
    return new Sequence(Arrays.asList(parts));
  }

  static Expr choice(Expr... options) {
    return new Choice(Arrays.asList(options));
  }

  /** One of these texts. */
  static Expr choice(Collection<String> texts) {
    return new Choice(texts.stream().map(Expr::text).toList());
  }

  static Expr optional(Expr body) {
    return new Repeat(body, 0, 1);
  }

  static Expr repeat(Expr body, int min, int max) {
    return new Repeat(body, min, max);
  }

  static Expr rule(String name) {
    return new Rule(name);
  }

  /** The token with this stored text, for instance a control token {@code <|call|>}. */
  static Expr token(String text) {
    return new Token(text, false);
  }

  /** What the regular expression matches from beginning to end. */
  static Expr regex(String pattern) {
    return new Language(Regex.whole(pattern), false);
  }

  /** Any text, of any length. */
  static Expr anyText() {
    return new Language(CharDfa.all(), false);
  }

  /** Any text in which none of {@code forbidden} occurs. */
  static Expr textWithout(Collection<String> forbidden) {
    return new Language(CharDfa.without(forbidden), false);
  }

  /** Any text up to and including the first occurrence of one of {@code triggers}. */
  static Expr textUntil(Collection<String> triggers) {
    return new Language(CharDfa.until(triggers), false);
  }

  /** Any text that does not begin with what the regular expression matches. */
  static Expr textNotBeginning(String pattern) {
    return new Language(Regex.whole(pattern).prefixed().complement(), false);
  }
}
