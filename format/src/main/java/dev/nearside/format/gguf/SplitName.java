package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one file of a split model: {@code PREFIX-00002-of-00004.gguf}, counted from 1.
 *
 * @param prefix folder and name before the numbers
 * @param index which part, from 0
 * @param count how many parts
 */
record SplitName(String prefix, int index, int count) {
  static final int MAX_PARTS = 65535; // split.count is a uint16

  private static final Pattern NAME =
      Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);

  /** The parts of the name of {@code path}; empty when it is not the name of a part. */
  static Optional<SplitName> of(Path path) {
    Path name = path.getFileName();
    Matcher matcher = NAME.matcher(name == null ? "" : name.toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(matcher.group(2));
    int count = Integer.parseInt(matcher.group(3));
    return number < 1 || number > count || count > MAX_PARTS
        ? Optional.empty()
        : Optional.of(new SplitName(matcher.group(1), number - 1, count));
  }

  String fileName() {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", prefix, index + 1, count);
  }

  /** All parts, in order, beside {@code path}. */
  List<Path> siblings(Path path) {
    List<Path> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(path.resolveSibling(new SplitName(prefix, i, count).fileName()));
    }
    return parts;
  }

  /**
   * All parts of the split model that {@code path} is a part of.
   *
   * @throws FormatException when its name does not agree with {@code count} of its metadata
   */
  static List<Path> parts(Path path, int count) {
    return of(path)
        .filter(name -> name.count == count)
        .orElseThrow(() ->
            new FormatException(
                Fault.of("part of a split model has an unexpected name")
                    .got(path.getFileName())
                    .expected(
                        String.format(
                            Locale.ROOT, "a name that ends in -NNNNN-of-%05d.gguf", count))
                    .where(path)
                    .hint("Give the parts the names they were published with.")))
        .siblings(path);
  }
}
