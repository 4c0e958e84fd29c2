package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Cases of other engines and real chat templates, where the folder of shared cases is there: named
 * by the property {@code nearside.cases} or the variable {@code NEARSIDE_CASES}, else beside the
 * repository.
 */
class SharedCasesTest {
  /** These three rows have their lists as the run left them; here is what it began with. */
  private static final Map<String, List<String>> BEFORE =
      Map.of(
          "array.pop() last", List.of("a", "b", "c"),
          "array.pop() with index", List.of("a", "b", "c"),
          "array.append()", List.of("a", "b", "c"));

  private static Path file(String name) {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path folder = Path.of(System.getProperty("nearside.cases", variable), "chat-templates");
    Path file = folder.resolve(name);
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return file;
  }

  private static Map<?, ?> variables(Map<String, @Nullable Object> row, String field) {
    return assertInstanceOf(Map.class, row.getOrDefault(field, Map.of()));
  }

  private static Map<String, @Nullable Object> strings(Map<?, ?> map) {
    Map<String, @Nullable Object> strings = new HashMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), value));
    return strings;
  }

  private static void check(
      List<String> differences, Map<String, @Nullable Object> row, String got) {
    boolean isSame =
        row.containsKey("jinja2_error") ? got.startsWith("error: ") : got.equals(row.get("expect"));
    if (!isSame) {
      differences.add(row + "\n  got " + got);
    }
  }

  @Test
  void render_unitCases_equalExpectation() {
    List<String> differences = new ArrayList<>();
    int count = 0;
    for (Map<String, @Nullable Object> row : Cases.lines(file("jinja_unit.jsonl"))) {
      Map<String, @Nullable Object> variables = strings(variables(row, "vars"));
      List<String> before = BEFORE.get(String.valueOf(row.get("name")));
      if (before != null) {
        variables.put("arr", before);
      }
      String source = String.valueOf(row.get("template"));
      check(differences, row, Cases.outcome(source, TemplateOptions.huggingFace(), variables));
      count++;
    }
    assertEquals(List.of(), differences);
    assertEquals(278, count);
  }

  @Test
  void render_realTemplates_equalJinja2() {
    List<String> differences = new ArrayList<>();
    Path templates = file("templates");
    for (Map<String, @Nullable Object> row : Cases.lines(file("golden_renders.jsonl"))) {
      String source = Cases.text(templates.resolve(String.valueOf(row.get("template"))));
      Map<String, @Nullable Object> variables = strings(variables(row, "vars"));
      check(differences, row, Cases.outcome(source, TemplateOptions.huggingFace(), variables));
    }
    assertEquals(List.of(), differences);
  }

  @Test
  void render_minjaCases_equalJinja2() {
    List<String> differences = new ArrayList<>();
    for (Map<String, @Nullable Object> row : Cases.lines(file("minja_syntax.jsonl"))) {
      if (Boolean.TRUE.equals(row.get("jinja2_agrees")) && row.get("expect") != null) {
        Map<?, ?> options = variables(row, "options");
        TemplateOptions read =
            new TemplateOptions(
                Boolean.TRUE.equals(options.get("trim_blocks")),
                Boolean.TRUE.equals(options.get("lstrip_blocks")),
                Boolean.TRUE.equals(options.get("keep_trailing_newline")),
                true,
                TemplateOptions.Limits.DEFAULT);
        String source = String.valueOf(row.get("template"));
        check(differences, row, Cases.outcome(source, read, strings(variables(row, "vars"))));
      }
    }
    assertEquals(List.of(), differences);
  }
}
