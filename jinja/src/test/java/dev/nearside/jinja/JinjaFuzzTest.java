package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Any text is a template or a {@link TemplateException}, and any template renders or throws one. As
 * a plain test it runs its inputs; {@code JAZZER_FUZZ=1 mvn -pl jinja -am test -Dtest=JinjaFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false} looks for new ones.
 */
class JinjaFuzzTest {
  private static final TemplateOptions OPTIONS =
      TemplateOptions.huggingFace().withLimits(new TemplateOptions.Limits(20_000, 1 << 20, 200));

  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages",
          List.of(
              Map.of("role", "user", "content", "Hi \ud83d\ude00"),
              Map.of("role", "assistant", "content", "x", "tool_calls", List.of())),
          "a",
          1,
          "b",
          -2.5,
          "s",
          "Hello World",
          "l",
          List.of(3, 1, 2),
          "d",
          Map.of("x", List.of(1, "y")));

  @FuzzTest(maxDuration = "60s")
  void render_anyText_isTextOrTemplateException(byte[] bytes) {
    String source = new String(bytes, StandardCharsets.UTF_8);
    try {
      String text = Template.parse(source, OPTIONS).render(VARIABLES, Cases.CLOCK);
      assertTrue(text.length() <= 1 << 20);
    } catch (TemplateException e) {
      assertTrue(e.line() >= 1 && e.column() >= 1, e.getMessage());
    }
  }
}
