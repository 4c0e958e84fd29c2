package dev.nearside.jinja;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the files of cases that the tests render. */
final class Cases {
  /** What strftime_now saw when the expectations were made. */
  static final Clock CLOCK =
      Clock.fixed(LocalDateTime.of(2026, 1, 2, 3, 4, 5).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Cases() {}

  static Map<String, @Nullable Object> object(String json) {
    return MAPPER.readValue(json, new TypeReference<Map<String, @Nullable Object>>() {});
  }

  static List<Map<String, @Nullable Object>> lines(Path file) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (String line : text(file).split("\n")) {
      rows.add(object(line));
    }
    return rows;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Renders, or says {@code error: …}. */
  static String outcome(String source, TemplateOptions options, Map<String, ?> variables) {
    try {
      return Template.parse(source, options).render(variables, CLOCK);
    } catch (TemplateException e) {
      return "error: " + e.getMessage();
    }
  }
}
