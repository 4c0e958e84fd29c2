package dev.nearside.cli.command;

import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Metadata and tensors of a file, for people and for machines. */
final class FileParts {
  /** Longer arrays are vocabularies: their length says enough. */
  private static final int MAX_ITEMS = 16;

  private static final int MAX_CHARS = 100;
  private static final String INDENT = "  ";

  private FileParts() {}

  /** Key to value; a long array is {@code {"type", "length"}}. */
  static Map<String, Object> metadata(Metadata metadata) {
    Map<String, Object> out = new LinkedHashMap<>();
    metadata.values().forEach((key, value) -> out.put(key, plain(value)));
    return out;
  }

  private static Object plain(MetaValue value) {
    return switch (value) {
      case MetaValue.Flag flag -> flag.value();
      case MetaValue.Text text -> text.value();
      case MetaValue.Whole whole ->
          whole.type() == MetaType.UINT64 && whole.value() < 0
              ? Long.toUnsignedString(whole.value())
              : (Object) whole.value();
      case MetaValue.Real real -> finite(real.value());
      case MetaValue.Many many -> plain(many.array());
    };
  }

  /** JSON has no numbers for these. */
  private static Object finite(double value) {
    return Double.isFinite(value) ? (Object) value : String.valueOf(value);
  }

  private static Object plain(MetaArray array) {
    if (array.size() > MAX_ITEMS) {
      Map<String, Object> shortened = new LinkedHashMap<>();
      shortened.put("type", array.elementType().name().toLowerCase(Locale.ROOT));
      shortened.put("length", array.size());
      return shortened;
    }
    return switch (array.elementType()) {
      case UINT8, INT8, UINT16, INT16, INT32 -> array.ints();
      case UINT32, UINT64, INT64 -> array.longs();
      case FLOAT32, FLOAT64 -> Arrays.stream(array.doubles()).mapToObj(FileParts::finite).toList();
      case BOOL -> array.flags();
      case STRING -> array.strings();
      case ARRAY -> List.of();
    };
  }

  /** Name, type, shape (outermost first), bytes and offset of each. */
  static List<Map<String, Object>> tensors(List<TensorInfo> tensors) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (TensorInfo t : tensors) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", t.name());
      json.put("type", t.type().name());
      json.put("shape", t.shape());
      json.put("bytes", t.bytes());
      json.put("offset", t.offset());
      json.put("part", t.part());
      out.add(json);
    }
    return out;
  }

  static void print(PrintStream out, List<TensorInfo> tensors) {
    Table table = new Table("TENSOR", "TYPE", "SHAPE", "BYTES");
    for (TensorInfo t : tensors) {
      table.row(
          Printable.of(t.name()),
          t.type().name(),
          Arrays.toString(t.shape()),
          String.valueOf(t.bytes()));
    }
    table.print(out);
  }

  /** A map as indented lines. */
  static void print(PrintStream out, Map<?, ?> map) {
    print(out, map, "");
  }

  private static void print(PrintStream out, Map<?, ?> map, String indent) {
    int width =
        map.keySet().stream()
            .mapToInt(key -> Printable.of(String.valueOf(key)).length())
            .max()
            .orElse(0);
    map.forEach((key, value) -> {
      String name = Printable.of(String.valueOf(key));
      if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
        out.println(indent + name);
        print(out, inner, indent + INDENT);
      } else {
        out.println(indent + name + " ".repeat(width - name.length()) + INDENT + line(value));
      }
    });
  }

  private static String line(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(FileParts::line).collect(Collectors.joining(", "));
      case int[] items -> Arrays.toString(items);
      case long[] items -> Arrays.toString(items);
      case boolean[] items -> Arrays.toString(items);
      case Map<?, ?> map ->
          map.entrySet().stream()
              .flatMap(e -> Stream.of(e.getKey() + " " + e.getValue()))
              .collect(Collectors.joining(", "));
      default -> Printable.shortened(String.valueOf(value), MAX_CHARS);
    };
  }
}
