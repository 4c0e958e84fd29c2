package dev.nearside.serve.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names and values that tell one number of a family from another.
 *
 * @param pairs name, value, name, value, …
 */
record Labels(List<String> pairs) {
  static final Labels NONE = new Labels(List.of());

  Labels {
    pairs = List.copyOf(pairs);
  }

  static Labels of(String... pairs) {
    return new Labels(List.of(pairs));
  }

  static Labels of(Map<String, String> map) {
    List<String> pairs = new ArrayList<>();
    map.keySet().stream()
        .sorted()
        .forEach(name -> {
          pairs.add(name);
          pairs.add(map.getOrDefault(name, ""));
        });
    return new Labels(pairs);
  }

  Labels with(String name, String value) {
    List<String> more = new ArrayList<>(pairs);
    more.add(name);
    more.add(value);
    return new Labels(more);
  }

  /** As Prometheus writes them; empty without any. */
  String text() {
    if (pairs.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < pairs.size(); i += 2) {
      out.append(i == 0 ? "" : ",").append(pairs.get(i)).append("=\"");
      escape(pairs.get(i + 1), out);
      out.append('"');
    }
    return out.append('}').toString();
  }

  private static void escape(String value, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
  }
}
