package dev.nearside.engine.prompt;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.Tokenizer;
import java.util.ArrayList;
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
  private static final int FIRST_INDEX = 0xF0000; // a plane for private use
  private static final int MAX_NAMES = 0xFFF0;
  private static final String PLACE = Character.toString(FIRST_INDEX + MAX_NAMES);

  private final Tokenizer tokenizer;
  private final ControlNames names;
  private final Map<String, Integer> found = new LinkedHashMap<>(); // their numbers
  private final String marker;

  private Guarded(Tokenizer tokenizer, ControlNames names, String marker) {
    this.tokenizer = tokenizer;
    this.names = names;
    this.marker = marker;
  }

  /** A guard for one prompt made of {@code texts}. */
  static Guarded of(Tokenizer tokenizer, ControlNames names, List<String> texts) {
    int candidate = FIRST_MARKER;
    while (candidate < LAST_MARKER && occurs(Character.toString(candidate), texts)) {
      candidate++;
    }
    return new Guarded(tokenizer, names, Character.toString(candidate));
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

  /**
   * The text with marks instead of control tokens' names.
   *
   * @throws ChatException when a prompt holds more different names than there are marks
   */
  String mark(String text) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      String name = names.at(text, at);
      if (name != null) {
        out.append(text, from, at).append(marker).append(Character.toString(index(name)));
        from = at + name.length();
        at = from - 1;
      }
    }
    return from == 0 ? text : out.append(text, from, text.length()).toString();
  }

  private int index(String name) {
    int number = found.computeIfAbsent(name, key -> found.size());
    if (number >= MAX_NAMES) {
      throw new ChatException(Fault.of("the messages name too many control tokens"));
    }
    return FIRST_INDEX + number;
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
    List<String> known = List.copyOf(found.keySet());
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
      int number = index < rendered.length() ? rendered.codePointAt(index) - FIRST_INDEX : -1;
      if (number >= 0 && number < known.size()) {
        add(ids, known.get(number), EncodeOptions.TEXT);
        index += Character.charCount(FIRST_INDEX);
      }
      from = index; // a template that took a mark apart shows what is left of it
    }
    return ids.build().toArray();
  }

  /** The rendered text with the names back in place, for people. */
  String unmark(String rendered) {
    if (found.isEmpty()) {
      return rendered;
    }
    List<String> known = List.copyOf(found.keySet());
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int at = rendered.indexOf(marker); at >= 0; at = rendered.indexOf(marker, from)) {
      int index = at + marker.length();
      int number = index < rendered.length() ? rendered.codePointAt(index) - FIRST_INDEX : -1;
      boolean isMark = number >= 0 && number < known.size();
      out.append(rendered, from, isMark ? at : index);
      if (isMark) {
        out.append(known.get(number));
        index += Character.charCount(FIRST_INDEX);
      }
      from = index;
    }
    return out.append(rendered, from, rendered.length()).toString();
  }

  private void add(IntStream.Builder ids, String text, EncodeOptions options) {
    for (int id : tokenizer.encode(text, options)) {
      ids.add(id);
    }
  }
}
