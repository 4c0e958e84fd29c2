package dev.nearside.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile templates end soon, in little memory, with a {@link TemplateException}. */
class TemplateLimitsTest {
  /** Far more than any of these takes on an idle machine: tests share theirs with others. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String GROW = "{% set n = namespace(x=X) %}{% for i in range(99999) %}";

  /** Renders on a thread with the JVM's default stack of 1 MiB. */
  private static @Nullable Throwable outcome(String source) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                Template.parse(source, TemplateOptions.huggingFace()).render(Map.of(), Cases.CLOCK);
              } catch (TemplateException e) {
                thrown.set(e);
              }
            },
            "hostile",
            1L << 20);
    thread.setUncaughtExceptionHandler((where, error) -> thrown.set(error));
    thread.start();
    try {
      assertTrue(thread.join(PATIENCE), "still running: " + source);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return thrown.get();
  }

  private static void assertStopped(String source, String what) {
    Throwable thrown = outcome(source);
    assertNotNull(thrown, source);
    assertEquals(TemplateException.class, thrown.getClass(), source);
    assertTrue(String.valueOf(thrown.getMessage()).contains(what), thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(a=f()) %}{% endmacro %}{{ f() }}",
        "{% macro f() %}{% call g() %}{{ f() }}{% endcall %}{% endmacro %}"
            + "{% macro g() %}{{ caller() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{% for i in [1] %}{% if i %}{{ [f()]|map('upper')|join }}{% endif %}"
            + "{% endfor %}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ [1]|sort(attribute=f()) }}{% endmacro %}{{ f() }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{% set x = [] %}{% set _ = x.append(x) %}{{ x }}",
        "{% set x = [] %}{% set _ = x.append(x) %}{{ x|tojson }}",
        "{% set x = [] %}{% set _ = x.append(x) %}{% set y = [] %}{% set _ = y.append(y) %}"
            + "{{ x == y }}",
        "{% set n = namespace() %}{% set n.n = n %}{{ n }}",
      })
  void recursion_withoutEnd_isTooDeep(String source) {
    assertStopped(source, "deeper than 500 levels");
  }

  @Test
  void values_deeplyNested_areTooDeep() {
    assertStopped(GROW.replace("X", "1") + "{% set n.x = [n.x] %}{% endfor %}{{ n.x }}", "deeper");
    assertStopped(
        GROW.replace("X", "1") + "{% set n.x = (n.x,) %}{% endfor %}{{ {n.x: 1} }}", "deeper");
    assertStopped(
        GROW.replace("X", "[1]") + "{% set n.x = n.x|map('string') %}{% endfor %}{{ n.x|list }}",
        "deeper");
    assertStopped(
        GROW.replace("X", "[1]") + "{% set n.x = n.x|select %}{% endfor %}{{ n.x|list }}",
        "deeper");
  }

  @Test
  void source_deeplyNested_isTooDeep() {
    assertStopped("{{ " + "(".repeat(99_999) + "1" + ")".repeat(99_999) + " }}", "deeper than 200");
    assertStopped("{{ " + "[".repeat(99_999) + "]".repeat(99_999) + " }}", "deeper than 200");
    assertStopped("{{ " + "not ".repeat(99_999) + "1 }}", "deeper than 200");
    assertStopped("{{ " + "-".repeat(9_999) + "1 }}", "deeper than 200");
    assertStopped("{{ " + "1 if 0 else ".repeat(9_999) + "1 }}", "deeper than 200");
    assertStopped("{% if 1 %}".repeat(9_999) + "{% endif %}".repeat(9_999), "deeper than 200");
    assertStopped("{% set " + "(".repeat(9_999) + "a = 1 %}", "unexpected");
    assertStopped("{{ 1" + "+1".repeat(99_999) + " }}", "deeper than 500");
    assertStopped("{{ a" + ".b".repeat(99_999) + " }}", "deeper than 500");
    assertStopped("{{ 'a'" + "|upper".repeat(99_999) + " }}", "deeper than 500");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10**9 }}",
        "{{ [0] * 10**9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (10**9, 1) }}",
        "{{ '%.1000000000f' % 1.5 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:.1000000000f}'.format(1.0) }}",
        "{{ 'a'.center(10**9) }}",
        "{{ 'a'.zfill(10**9) }}",
        "{{ 'a\nb'|indent(10**9) }}",
        "{{ [1]|tojson(indent=10**9) }}",
        "{{ '\t'.expandtabs(10**9) }}",
        "{{ [1]|batch(10**9, 1)|list }}",
        "{{ [1]|slice(10**9)|list }}",
        "{{ range(100000)|join('a' * 10000) }}",
        "{{ ('a' * 100000)|replace('a', 'b' * 100000) }}",
        "{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set x = [1] %}{% for i in range(99) %}{% set _ = x.extend(x) %}{% endfor %}",
        "{% set x = [1] %}{% for i in x %}{% set _ = x.append(1) %}{% endfor %}",
      })
  void memory_withoutBound_isRefused(String source) {
    assertStopped(source, "makes more than");
  }

  @Test
  void time_withoutBound_isRefused() {
    assertStopped(
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps");
    assertStopped(
        GROW.replace("X", "[1]")
            + "{% if i < 60 %}{% set n.x = [n.x, n.x] %}{% endif %}"
            + "{% endfor %}{{ n.x == [1] }}{{ n.x|string }}",
        "more than");
    assertStopped("{% for i in range(99999) %}{{ 1 if -1 in range(99999) }}{% endfor %}", "steps");
    assertStopped("{% for i in range(10**12) %}{% endfor %}", "range too big");
    assertStopped("{{ 2**1000000 }}", "integer too large");
    assertStopped("{{ 10**4300 }}", "4300 digits");
  }

  @Test
  void search_repetitiveText_takesLinearTime() {
    String source =
        "{{ ('a' * 5000000).find('a' * 2500000 ~ 'b') }} {{ ('a' * 5000000).count('a' * 999999) }}"
            + " {{ ('a' * 5000000).rfind('b' ~ 'a' * 2500000) }}"
            + " {{ ('ab' * 500000).rsplit('ab' * 40)|length }}";
    assertEquals(
        "-1 5 -1 12501",
        Template.parse(source, TemplateOptions.huggingFace()).render(Map.of(), Cases.CLOCK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__ }}",
        "{{ range.__globals__['os'] }}",
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ '{0.__class__.__init__}'.format(1) }}",
        "{{ [1]|map(attribute='__class__.__base__')|list }}",
      })
  void internals_ofPythonOrJava_areUndefined(String source) {
    assertStopped(source, "has no attribute");
  }

  @Test
  void input_deeplyNested_isRefused() {
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    Map<String, Object> variables = Map.of("x", deep);
    Template template = Template.parse("a", TemplateOptions.huggingFace());
    assertThrows(TemplateException.class, () -> template.render(variables, Cases.CLOCK));
  }

  @Test
  void limits_smaller_stopSooner() {
    TemplateOptions options =
        TemplateOptions.huggingFace().withLimits(new TemplateOptions.Limits(100, 1000, 20));
    Template template = Template.parse("{% for i in range(n) %}x{% endfor %}", options);
    assertEquals("xxxxx", template.render(Map.of("n", 5), Cases.CLOCK));
    assertThrows(TemplateException.class, () -> template.render(Map.of("n", 99), Cases.CLOCK));
  }
}
