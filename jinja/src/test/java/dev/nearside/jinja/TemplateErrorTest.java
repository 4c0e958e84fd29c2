package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors say where they are; lines and columns count from 1. */
class TemplateErrorTest {
  private static TemplateException fails(String source) {
    return assertThrows(
        TemplateException.class,
        () ->
            Template.parse(source, TemplateOptions.huggingFace())
                .render(Map.of("a", 1, "s", "x", "l", List.of(1)), Cases.CLOCK));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "ab{{ a b }} @ 1 @ 8 @ expected token 'end of print statement', got 'b'",
        "x\\n {{ 'a }} @ 2 @ 5 @ unexpected char '",
        "{{ a\\n + }} @ 2 @ 4 @ unexpected 'end of print statement'",
        "{% if a %}\\nx @ 2 @ 2 @ Unexpected end of template",
        "\\n\\n{% nope %} @ 3 @ 4 @ Encountered unknown tag 'nope'",
        "{{ (a] }} @ 1 @ 6 @ unexpected ']', expected ')'",
        "{{ a ? b }} @ 1 @ 6 @ unexpected char '?'",
        "{# a @ 1 @ 1 @ Missing end of comment tag",
        "x{% raw %} @ 1 @ 2 @ Missing end of raw directive",
        "{{ s|nope }} @ 1 @ 6 @ No filter named 'nope'",
        "{{ s is nope }} @ 1 @ 9 @ No test named 'nope'",
        "{% set 1 = 2 %} @ 1 @ 8 @ can't assign to 'integer'",
        "{% break %} @ 1 @ 4 @ 'break' outside loop",
        "{{ 1 +\\n  s }} @ 1 @ 6 @ unsupported operand type(s) for +: 'int' and 'str'",
        "a\\n{{ none.x.y }} @ 2 @ 11 @ 'NoneType object' has no attribute 'x'",
        "{{ q.x }} @ 1 @ 6 @ 'q' is undefined",
        "{{ [1]|map('upper')|first|nope(1) }} @ 1 @ 27 @ No filter named 'nope'",
        "{{ s|round }} @ 1 @ 6 @ type str doesn't define __round__ method",
        "{{ a < s }} @ 1 @ 6 @ '<' not supported between instances of 'int' and 'str'",
        "{% for x in a %}{% endfor %} @ 1 @ 4 @ 'int' object is not iterable",
        "{% for x, y in [1] %}{% endfor %} @ 1 @ 4 @ cannot unpack non-iterable int object",
        "{% macro f() %}\\n{{ 1/0 }}{% endmacro %}\\n{{ f() }} @ 2 @ 5 @ division by zero",
        "{{ a() }} @ 1 @ 5 @ 'int' object is not callable",
        "{% set s.x = 1 %} @ 1 @ 8 @ cannot assign attribute on non-namespace object",
        "{% include 'x' %} @ 1 @ 4 @ 'include' is not possible",
        "{% if a %}{{ raise_exception('no') }}{% endif %} @ 1 @ 29 @ no",
      })
  void error_place_isThatOfTheCulprit(String source, int line, int column, String what) {
    TemplateException error = fails(source.replace("\\n", "\n"));
    assertEquals(line + ":" + column, error.line() + ":" + error.column(), error.getMessage());
    assertTrue(error.fault().what().startsWith(what), error.getMessage());
  }

  @Test
  void raiseException_fromTemplate_isItsOwnType() {
    TemplateException error = fails("\n  {{ raise_exception('roles must alternate') }}");
    assertInstanceOf(RaisedException.class, error);
    assertEquals("roles must alternate", error.fault().what());
    assertEquals(2, error.line());
  }

  @Test
  void error_afterCarriageReturns_countsTheirLines() {
    assertEquals(3, fails("a\r\nb\r{{ q.x }}").line());
  }

  @Test
  void render_javaObject_isRefused() {
    Map<String, Object> variables = new HashMap<>();
    variables.put("x", new Object());
    Template template = Template.parse("{{ x }}", TemplateOptions.huggingFace());
    TemplateException error =
        assertThrows(TemplateException.class, () -> template.render(variables, Cases.CLOCK));
    assertTrue(error.fault().what().contains("java.lang.Object"), error.fault().what());
  }
}
