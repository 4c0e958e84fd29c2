package dev.nearside.grammar.automaton;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.text.CharDfa;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns transitions over characters into transitions over the bytes of their UTF-8 form. States in
 * the middle of a character are shared wherever they continue alike.
 */
final class Utf8Edges {
  /** A range of characters that leads to one state. */
  private record Span(int low, int high, int to) {}

  private final Nfa nfa;
  private final Map<List<Span>, Integer> middles = new HashMap<>();

  Utf8Edges(Nfa nfa) {
    this.nfa = nfa;
  }

  void add(int from, CharSet set, int to) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < set.rangeCount(); i++) {
      spans.add(new Span(set.low(i), set.high(i), to));
    }
    add(from, spans);
  }

  /** All transitions of one state of {@code dfa}; {@code ids} are the states in the rule. */
  void add(CharDfa dfa, int state, int[] ids, boolean isJson) {
    List<Span> spans = new ArrayList<>();
    for (int c = 0; c < dfa.classCount(); c++) {
      int next = dfa.next(state, c);
      if (next >= 0) {
        CharSet set = CharSet.of(dfa.classLow(c), dfa.classHigh(c));
        if (isJson) {
          escape(ids[state], set, ids[next]);
          set = set.minus(JsonText.ESCAPED);
        }
        for (int i = 0; i < set.rangeCount(); i++) {
          spans.add(new Span(set.low(i), set.high(i), ids[next]));
        }
      }
    }
    add(ids[state], spans);
  }

  private void escape(int from, CharSet set, int to) {
    for (int i = 0; i < JsonText.ESCAPED.rangeCount(); i++) {
      for (int c = JsonText.ESCAPED.low(i); c <= JsonText.ESCAPED.high(i); c++) {
        if (set.contains(c)) {
          int at = from;
          String escape = JsonText.escape(c);
          for (int k = 0; k < escape.length(); k++) {
            int next = k + 1 == escape.length() ? to : nfa.state();
            nfa.bytes(at, escape.charAt(k), escape.charAt(k), next);
            at = next;
          }
        }
      }
    }
  }

  private void add(int from, List<Span> spans) {
    lead(from, spans, 0x00, 0x7F, 0, 0x00);
    lead(from, spans, 0x80, 0x7FF, 1, 0xC0);
    lead(from, spans, 0x800, 0xFFFF, 2, 0xE0);
    lead(from, spans, 0x10000, 0x10FFFF, 3, 0xF0);
  }

  /** The characters of one length of encoding, {@code rest} bytes after the first. */
  private void lead(int from, List<Span> spans, int low, int high, int rest, int mark) {
    List<Span> inside = new ArrayList<>();
    for (Span span : spans) {
      int a = Math.max(span.low(), low);
      int b = Math.min(span.high(), high);
      if (a <= b) {
        inside.add(new Span(a, b, span.to()));
      }
    }
    split(from, inside, rest, mark);
  }

  /**
   * Edges for the next byte of the characters in {@code spans}.
   *
   * @param rest how many bytes follow it
   * @param mark what is added to the top bits to make the byte
   */
  private void split(int from, List<Span> spans, int rest, int mark) {
    if (rest == 0) {
      spans.forEach(span -> nfa.bytes(from, mark | span.low(), mark | span.high(), span.to()));
      return;
    }
    int shift = 6 * rest;
    Map<Integer, List<Span>> byTop = new TreeMap<>();
    for (Span span : spans) {
      for (int top = span.low() >> shift; top <= span.high() >> shift; top++) {
        int a = Math.max(span.low(), top << shift);
        int b = Math.min(span.high(), (top << shift) + (1 << shift) - 1);
        int offset = top << shift;
        byTop
            .computeIfAbsent(top, t -> new ArrayList<>())
            .add(new Span(a - offset, b - offset, span.to()));
      }
    }
    byTop.forEach((top, parts) -> nfa.bytes(from, mark | top, mark | top, middle(parts, rest - 1)));
  }

  private int middle(List<Span> parts, int rest) {
    List<Span> key = new ArrayList<>(parts);
    key.add(new Span(-1, -1, rest));
    Integer known = middles.get(key);
    if (known != null) {
      return known;
    }
    int state = nfa.state();
    middles.put(key, state);
    split(state, parts, rest, 0x80);
    return state;
  }
}
