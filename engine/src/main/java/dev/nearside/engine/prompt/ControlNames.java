package dev.nearside.engine.prompt;

import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The names of a vocabulary's control tokens, and where they stand in a text. */
final class ControlNames {
  private final List<String> all;
  private final Node root = new Node();

  /** What may follow some characters. */
  private static final class Node {
    final Map<Character, Node> next = new HashMap<>();
    boolean isName;
  }

  private ControlNames(List<String> all) {
    this.all = all;
    for (String name : all) {
      Node node = root;
      for (int i = 0; i < name.length(); i++) {
        node = node.next.computeIfAbsent(name.charAt(i), key -> new Node());
      }
      node.isName = true;
    }
  }

  /** Those of a vocabulary that are longer than one character. */
  static ControlNames of(Tokenizer tokenizer) {
    return new ControlNames(
        IntStream.range(0, tokenizer.vocabSize())
            .filter(id -> tokenizer.kind(id) == TokenKind.CONTROL)
            .mapToObj(tokenizer::tokenText)
            .filter(name -> name.length() > 1)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  /** All of them, longest first. */
  List<String> all() {
    return all;
  }

  /** The longest name at a place of the text; null without one. */
  @Nullable String at(String text, int from) {
    Node node = root;
    int end = -1;
    for (int i = from; node != null && i < text.length(); i++) {
      node = node.next.get(text.charAt(i));
      if (node != null && node.isName) {
        end = i + 1;
      }
    }
    return end < 0 ? null : text.substring(from, end);
  }
}
