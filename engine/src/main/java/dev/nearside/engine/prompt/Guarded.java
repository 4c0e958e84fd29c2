package dev.nearside.engine.prompt;

import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what people wrote from posing as control tokens. Before a template is rendered, the names
 * of control tokens in a message are replaced by marks; afterwards the marks are tokenised as the
 * plain text they stand for, and only the template's own control tokens become tokens.
 */
final class Guarded {
  private static final int FIRST_MARKER = 0x10F000;
  private static final int LAST_MARKER = 0x10FFFD;
  private static final char FIRST_INDEX = '\uE000';
  private static final int MAX_NAMES = 0x1800;
  private static final char PLACE = (char) (FIRST_INDEX + MAX_NAMES);

  private final Tokenizer tokenizer;
  private final List<String> controlNames;
  private final List<String> found = new ArrayList<>();
  private final String marker;

  private Guarded(Tokenizer tokenizer, List<String> controlNames, String marker) {
    this.tokenizer = tokenizer;
    this.controlNames = controlNames;
    this.marker = marker;
  }

  /** The names of all control tokens, longest first. */
  static List<String> controlNames(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.vocabSize())
        .filter(id -> tokenizer.kind(id) == TokenKind.CONTROL)
        .mapToObj(tokenizer::tokenText)
        .filter(name -> name.length() > 1)
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  /** A guard for one prompt made of {@code texts}. */
  static Guarded of(Tokenizer tokenizer, List<String> controlNames, List<String> texts) {
    int candidate = FIRST_MARKER;
    while (candidate < LAST_MARKER && occurs(Character.toString(candidate), texts)) {
      candidate++;
    }
    return new Guarded(tokenizer, controlNames, Character.toString(candidate));
  }

  /** All strings in plain data, keys of mappings too. */
  static List<String> texts(@Nullable Object data) {
    List<String> texts = new ArrayList<>();
    collect(data, texts);
    return texts;
  }

  private static void collect(@Nullable Object data, List<String> texts) {
    switch (data) {
      case null -> {
        return;
      }
      case String text -> texts.add(text);
      case List<?> list -> list.forEach(item -> collect(item, texts));
      case Map<?, ?> map ->
          map.forEach((key, value) -> {
            collect(key, texts);
            collect(value, texts);
          });
      default -> {
        // Numbers and the like hold no names.
        return;
      }
    }
  }

  private static boolean occurs(String mark, List<String> texts) {
    return texts.stream().anyMatch(t -> t.contains(mark));
  }

  /** The text with marks instead of control tokens' names. */
  String mark(String text) {
    String out = text;
    for (String name : controlNames) {
      if (out.contains(name) && found.size() < MAX_NAMES) {
        int index = found.indexOf(name);
        if (index < 0) {
          index = found.size();
          found.add(name);
        }
        out = out.replace(name, marker + (char) (FIRST_INDEX + index));
      }
    }
    return out;
  }

  /** Plain data with all its strings marked. */
  @Nullable Object markAll(@Nullable Object data) {
    return switch (data) {
      case null -> null;
      case String text -> mark(text);
      case List<?> list -> {
        List<@Nullable Object> marked = new ArrayList<>();
        list.forEach(item -> marked.add(markAll(item)));
        yield marked;
      }
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> marked = new LinkedHashMap<>();
        map.forEach((key, value) -> marked.put(markAll(key), markAll(value)));
        yield marked;
      }
      default -> data;
    };
  }

  /** A mark that stands for nothing, to find a place again. */
  String place() {
    return marker + PLACE;
  }

  /** The tokens of a rendered template: its control tokens parsed, marked ones not. */
  int[] encode(String rendered) {
    if (found.isEmpty()) {
      return tokenizer.encode(rendered, EncodeOptions.TEMPLATE);
    }
    IntStream.Builder ids = IntStream.builder();
    int from = 0;
    while (from < rendered.length()) {
      int at = rendered.indexOf(marker, from);
      int end = at < 0 ? rendered.length() : at;
      add(ids, rendered.substring(from, end), EncodeOptions.TEMPLATE);
      if (at < 0) {
        break;
      }
      int index = at + marker.length();
      if (index < rendered.length()) {
        add(ids, found.get(rendered.charAt(index) - FIRST_INDEX), EncodeOptions.TEXT);
      }
      from = index + 1;
    }
    return ids.build().toArray();
  }

  /** The rendered text with the names back in place, for people. */
  String unmark(String rendered) {
    String out = rendered;
    for (int i = 0; i < found.size(); i++) {
      out = out.replace(marker + (char) (FIRST_INDEX + i), found.get(i));
    }
    return out;
  }

  private void add(IntStream.Builder ids, String text, EncodeOptions options) {
    for (int id : tokenizer.encode(text, options)) {
      ids.add(id);
    }
  }
}
