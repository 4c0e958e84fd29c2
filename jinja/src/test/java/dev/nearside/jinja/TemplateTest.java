package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static Template parse(String source) {
    return Template.parse(source, TemplateOptions.huggingFace());
  }

  private static String render(String source, Map<String, ?> variables) {
    return parse(source).render(variables, Cases.CLOCK);
  }

  @Test
  void render_javaValues_printAsPython() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("int", 1);
    map.put("long", 2L);
    map.put("big", new BigInteger("123456789012345678901234567890"));
    map.put("double", 1e16);
    map.put("float", 0.5f);
    map.put("flag", true);
    map.put("list", Arrays.asList("a", null));
    assertEquals(
        "{'int': 1, 'long': 2, 'big': 123456789012345678901234567890, 'double': 1e+16,"
            + " 'float': 0.5, 'flag': True, 'list': ['a', None]}",
        render("{{ map }}", Map.of("map", map)));
  }

  @Test
  void render_templateChangesList_callerKeepsIts() {
    List<String> list = new ArrayList<>(List.of("a"));
    assertEquals("['a', 'b']", render("{% set _ = l.append('b') %}{{ l }}", Map.of("l", list)));
    assertEquals(List.of("a"), list);
  }

  @Test
  void render_immutable_refusesChanges() {
    Template template =
        Template.parse(
            "{{ l.append is defined }}{{ l.append(1) }}",
            TemplateOptions.huggingFace().immutable());
    TemplateException error =
        assertThrows(
            TemplateException.class, () -> template.render(Map.of("l", List.of()), Cases.CLOCK));
    assertEquals("access to attribute 'append' of 'list' object is unsafe.", error.fault().what());
  }

  @Test
  void render_givenNames_hideGlobals() {
    assertEquals("5", render("{{ range }}", Map.of("range", 5)));
  }

  @Test
  void render_sameTemplateTwice_startsAfresh() {
    Template template = parse("{% set x = (x or 0) + 1 %}{{ x }}{% set ns = namespace(i=0) %}");
    assertEquals("1", template.render(Map.of(), Cases.CLOCK));
    assertEquals("1", template.render(Map.of(), Cases.CLOCK));
  }

  @Test
  void strftimeNow_clockWithZone_usesItsLocalTime() {
    Clock clock = Clock.fixed(Instant.parse("2026-12-31T23:30:00Z"), ZoneId.of("Asia/Tokyo"));
    assertEquals(
        "01 Jan 2027 08:30", parse("{{ strftime_now('%d %b %Y %H:%M') }}").render(Map.of(), clock));
  }

  @Test
  void random_sameClock_picksTheSame() {
    Template template = parse("{{ range(1000)|random }}");
    String first = template.render(Map.of(), Cases.CLOCK);
    assertEquals(first, template.render(Map.of(), Cases.CLOCK));
  }

  @Test
  void variables_templateReadsAndAssigns_onlyWhatTheCallerGives() {
    Template template =
        parse(
            """
            {% set x = tools %}{% for m in messages if m.role %}{{ m.content }}{{ loop.index }}
            {% if enable_thinking is defined %}{{ x }}{% endif %}{% endfor %}
            {% macro f(a) %}{{ a }}{{ bos_token }}{{ range(3) }}{% endmacro %}{{ f(y) }}
            """);
    assertEquals(
        Set.of("tools", "messages", "enable_thinking", "bos_token", "y"), template.variables());
  }

  @Test
  void mentions_attributeKeyOrVariable_isFound() {
    Template template =
        parse("text tool_calls {{ m.reasoning_content }}{{ m['tool_call_id'] }}{{ tools }}");
    assertTrue(template.mentions("reasoning_content"));
    assertTrue(template.mentions("tool_call_id"));
    assertTrue(template.mentions("tools"));
    assertFalse(template.mentions("tool_calls"));
  }

  @Test
  void options_keepTrailingNewline_keepsIt() {
    TemplateOptions options =
        new TemplateOptions(false, false, true, true, TemplateOptions.Limits.DEFAULT);
    assertEquals("a\n", Template.parse("a\n", options).render(Map.of(), Cases.CLOCK));
  }

  @Test
  void render_concurrently_threadsDoNotMeet() throws InterruptedException {
    Template template =
        parse(
            "{% set ns = namespace(n=0) %}{% for i in range(n) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
    Map<Integer, String> results = new HashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int n = 100 * i;
      threads.add(
          Thread.startVirtualThread(() -> {
            String text = template.render(Map.of("n", n), Cases.CLOCK);
            synchronized (results) {
              results.put(n, text);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    results.forEach((n, text) -> assertEquals(String.valueOf(n * (n - 1) / 2), text));
    assertEquals(8, results.size());
  }
}
