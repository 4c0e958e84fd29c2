package dev.nearside.jinja;

import dev.nearside.jinja.builtin.Filters;
import dev.nearside.jinja.builtin.Functions;
import dev.nearside.jinja.builtin.Rendering;
import dev.nearside.jinja.builtin.Tests;
import dev.nearside.jinja.run.Interpreter;
import dev.nearside.jinja.syntax.Mentions;
import dev.nearside.jinja.syntax.Parser;
import dev.nearside.jinja.syntax.Pos;
import dev.nearside.jinja.syntax.ScopeAnalyzer;
import dev.nearside.jinja.syntax.Scopes;
import dev.nearside.jinja.syntax.Stmt;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A parsed Jinja template. Immutable: any number of threads may render it at once.
 *
 * <p>It does what Python's jinja2 3.1.6 does in the environment that Hugging Face transformers sets
 * up for chat templates; docs/design/jinja.md lists the differences. Nothing of Java can be reached
 * from a template, and {@link TemplateOptions.Limits} stop one that would run for ever.
 */
public final class Template {
  private static final String TOO_DEEP = "the template nests or recurses too deeply";

  private final Stmt.Body body;
  private final Scopes scopes;
  private final Mentions mentions;
  private final TemplateOptions options;

  private Template(Stmt.Body body, TemplateOptions options) {
    this.body = body;
    this.scopes = ScopeAnalyzer.analyze(body);
    this.mentions = Mentions.of(body);
    this.options = options;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is malformed, with the place
   */
  public static Template parse(String source, TemplateOptions options) {
    try {
      return new Template(Parser.parse(source, options, Filters::has, Tests::has), options);
    } catch (StackOverflowError e) {
      // The parser bounds its own depth; this is for a caller whose stack is nearly used up.
      throw Pos.START.error(TOO_DEEP);
    }
  }

  /**
   * Renders the template.
   *
   * @param variables plain data: null, String, Boolean, Integer, Long, BigInteger, Double, List and
   *     Map of such; it is copied, so the template cannot change it
   * @param clock what {@code strftime_now} reads; its zone is the local one
   * @throws RaisedException if the template refuses its variables by {@code raise_exception}
   * @throws TemplateException if it fails otherwise, with the place
   */
  public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    TemplateOptions.Limits limits = options.limits();
    Budget budget = new Budget(limits.maxSteps(), limits.maxChars(), limits.maxDepth());
    Rendering rendering =
        new Rendering(budget, clock, new SplittableRandom(clock.millis()), options.isMutable());
    try {
      Map<String, Value> given = new HashMap<>(Functions.globals(rendering));
      variables.forEach((name, value) -> given.put(name, Values.of(budget, value)));
      return new Interpreter(rendering, scopes, mentions.blocks()).render(body, given);
    } catch (Failure failure) {
      throw Pos.START.error(failure.what());
    } catch (StackOverflowError e) {
      // The depth limit comes first unless the caller's own stack is nearly used up.
      throw Pos.START.error(TOO_DEEP);
    }
  }

  /** The variables that the template takes from its caller, as it reads them somewhere. */
  public Set<String> variables() {
    Set<String> variables = new LinkedHashSet<>(scopes.resolved());
    variables.removeAll(Functions.NAMES);
    return variables;
  }

  /**
   * Whether the name occurs in the template's code at all: as a variable, an attribute, or a string
   * such as a key. {@code mentions("tool_calls")} tells whether a chat template knows of them.
   */
  public boolean mentions(String name) {
    return mentions.names().contains(name);
  }
}
