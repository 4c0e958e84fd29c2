package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.jinja.builtin.Indexes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Python's jinja2 renders is what we render; the README beside the goldens tells how made. */
class GoldenRenderTest {
  private static final Path FOLDER = Path.of("src/test/golden");

  private static List<Map<String, @Nullable Object>> rows() {
    return Cases.lines(FOLDER.resolve("renders.jsonl"));
  }

  @Test
  void render_goldenTemplates_equalsJinja2() {
    Map<String, @Nullable Object> variables =
        Cases.object(Cases.text(FOLDER.resolve("variables.json")));
    List<String> differences = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows()) {
      TemplateOptions options =
          row.containsKey("plain") ? TemplateOptions.plain() : TemplateOptions.huggingFace();
      String source = String.valueOf(row.get("template"));
      String got = Cases.outcome(source, options, variables);
      boolean isSame =
          row.containsKey("expect") ? got.equals(row.get("expect")) : got.startsWith("error: ");
      if (!isSame) {
        differences.add(row + "\n  got " + got);
      }
    }
    assertEquals(List.of(), differences);
  }

  @Test
  void goldens_everyBuiltin_isRenderedSomewhere() {
    StringBuilder rendered = new StringBuilder();
    for (Map<String, @Nullable Object> row : rows()) {
      if (row.containsKey("expect")) {
        rendered.append(row.get("template")).append('\n');
      }
    }
    String all = rendered.toString();
    for (String filter : Indexes.filters()) {
      boolean isThere =
          all.contains("|" + filter)
              || all.contains("| " + filter)
              || all.contains("filter " + filter);
      assertTrue(isThere, "no golden for the filter " + filter);
    }
    for (String test : Indexes.tests()) {
      boolean isThere =
          all.contains("is " + test)
              || all.contains("is not " + test)
              || all.contains("'" + test + "'");
      assertTrue(isThere, "no golden for the test " + test);
    }
    for (String method : Indexes.methods()) {
      assertTrue(all.contains("." + method + "("), "no golden for the method " + method);
    }
  }
}
