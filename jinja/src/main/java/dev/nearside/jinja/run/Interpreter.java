package dev.nearside.jinja.run;

import dev.nearside.jinja.builtin.Namespace;
import dev.nearside.jinja.builtin.Rendering;
import dev.nearside.jinja.syntax.Expr;
import dev.nearside.jinja.syntax.Scopes;
import dev.nearside.jinja.syntax.Scopes.Scope;
import dev.nearside.jinja.syntax.Stmt;
import dev.nearside.jinja.syntax.Stmt.Body;
import dev.nearside.jinja.syntax.Stmt.Target;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Lazy;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the statements of one rendering. */
public final class Interpreter {
  /** How a statement ended. */
  private enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private final Scopes scopes;
  private final Map<String, Stmt.Block> blocks;

  public Interpreter(Rendering rendering, Scopes scopes, Map<String, Stmt.Block> blocks) {
    this.budget = rendering.budget();
    this.evaluator = new Evaluator(rendering);
    this.scopes = scopes;
    this.blocks = blocks;
  }

  /** Renders a template with the variables given to it. */
  public String render(Body template, Map<String, Value> given) {
    Globals globals = new Globals(given);
    Frame frame = Frame.top(scopes.of(template), globals);
    giveSelf(scopes.of(template), frame);
    return capture(template, frame);
  }

  private void giveSelf(Scope scope, Frame frame) {
    if (scope.specials().contains("self")) {
      frame.set("self", new SelfValue(this, frame.globals(), blocks));
    }
    if (scope.specials().contains("super")) {
      frame.set("super", new Undefined("there is no parent block"));
    }
  }

  Budget budget() {
    return budget;
  }

  /** What a body writes. */
  String capture(Body body, Frame frame) {
    Output out = new Output(budget);
    run(body, frame, out);
    return out.text();
  }

  String captureBlock(Stmt.Block block, Globals globals) {
    Scope scope = scopes.of(block.body());
    Frame frame = Frame.block(scope, globals);
    giveSelf(scope, frame);
    return capture(block.body(), frame);
  }

  Value parameterDefault(Stmt.Signature signature, int index, Frame frame) {
    Expr expr = signature.defaultOf(index);
    return expr == null
        ? new Undefined("parameter '" + signature.parameters().get(index) + "' was not provided")
        : evaluator.eval(expr, frame);
  }

  private Flow run(Body body, Frame frame, Output out) {
    for (Stmt statement : body.statements()) {
      Flow flow = run(statement, frame, out);
      if (flow != Flow.NORMAL) {
        return flow;
      }
    }
    return Flow.NORMAL;
  }

  private Flow run(Stmt statement, Frame frame, Output out) {
    try {
      budget.step();
      budget.enter();
    } catch (Failure failure) {
      throw Evaluator.error(failure, statement.pos());
    }
    try {
      return dispatch(statement, frame, out);
    } catch (Failure failure) {
      throw Evaluator.error(failure, statement.pos());
    } finally {
      budget.leave();
    }
  }

  private Flow dispatch(Stmt statement, Frame frame, Output out) {
    return switch (statement) {
      case Stmt.Text text -> write(out, text.text());
      case Stmt.Print print -> write(out, str(evaluator.eval(print.value(), frame)));
      case Stmt.If choice -> choose(choice, frame, out);
      case Stmt.For loop -> loop(loop, frame, out);
      case Stmt.Break stop -> Flow.BREAK;
      case Stmt.Continue next -> Flow.CONTINUE;
      case Stmt.Set set -> set(set, frame);
      case Stmt.SetBlock set -> setBlock(set, frame);
      case Stmt.Macro macro -> {
        frame.set(macro.name(), macro(macro.name(), macro.signature(), macro.body(), frame));
        yield Flow.NORMAL;
      }
      case Stmt.CallBlock block -> callBlock(block, frame, out);
      case Stmt.FilterBlock block -> filterBlock(block, frame, out);
      case Stmt.With with -> with(with, frame, out);
      case Stmt.Generation generation -> {
        Frame inner = frame.inner(scopes.of(generation.body()));
        yield write(out, capture(generation.body(), inner));
      }
      case Stmt.Autoescape autoescape -> autoescape(autoescape, frame, out);
      case Stmt.Block block -> {
        if (block.isRequired()) {
          throw new Failure("Required block '" + block.name() + "' not found");
        }
        Globals globals = block.isScoped() ? frame.snapshot() : frame.globals();
        yield write(out, captureBlock(block, globals));
      }
      case Stmt.Outside outside ->
          throw new Failure(
              "'" + outside.tag() + "' is not possible: a chat template is a single file");
    };
  }

  private String str(Value value) {
    return Text.str(budget, value);
  }

  private Flow write(Output out, String text) {
    out.write(text);
    return Flow.NORMAL;
  }

  private Flow choose(Stmt.If choice, Frame frame, Output out) {
    for (Stmt.Branch branch : choice.branches()) {
      if (evaluator.holds(branch.condition(), frame)) {
        return run(branch.body(), frame, out);
      }
    }
    return choice.otherwise() == null ? Flow.NORMAL : run(choice.otherwise(), frame, out);
  }

  private Flow set(Stmt.Set set, Frame frame) {
    checkMembers(set.target(), frame);
    assign(set.target(), evaluator.eval(set.value(), frame), frame);
    return Flow.NORMAL;
  }

  private Flow setBlock(Stmt.SetBlock set, Frame frame) {
    checkMembers(set.target(), frame);
    Frame inner = frame.inner(scopes.of(set.body()));
    Output out = new Output(budget);
    Flow flow = run(set.body(), inner, out);
    if (flow == Flow.NORMAL) {
      Value text = Str.of(out.text());
      assign(
          set.target(),
          set.filter() == null ? text : evaluator.captured(set.filter(), inner, text),
          frame);
    }
    return flow;
  }

  /** Before anything is computed, every {@code a.b} that will be set must be in a namespace. */
  private void checkMembers(Target target, Frame frame) {
    switch (target) {
      case Target.Variable variable -> {}
      case Target.Several several -> several.targets().forEach(part -> checkMembers(part, frame));
      case Target.Member member -> {
        if (!(frame.get(member.namespace()) instanceof Namespace)) {
          throw Evaluator.error(
              new Failure("cannot assign attribute on non-namespace object"), member.pos());
        }
      }
    }
  }

  private void assign(Target target, Value value, Frame frame) {
    switch (target) {
      case Target.Variable variable -> frame.set(variable.name(), value);
      case Target.Member member -> {
        if (frame.get(member.namespace()) instanceof Namespace namespace) {
          namespace.set(budget, member.attribute(), value);
        }
      }
      case Target.Several several -> unpack(several, value, frame);
    }
  }

  private void unpack(Target.Several several, Value value, Frame frame) {
    if (!Iteration.isIterable(value)) {
      throw new Failure("cannot unpack non-iterable " + value.typeName() + " object");
    }
    int wanted = several.targets().size();
    Iterator<Value> source = Iteration.of(budget, value);
    List<Value> items = new ArrayList<>(wanted);
    while (items.size() < wanted && source.hasNext()) {
      items.add(source.next());
    }
    if (items.size() < wanted) {
      throw new Failure(
          "not enough values to unpack (expected " + wanted + ", got " + items.size() + ")");
    }
    if (source.hasNext()) {
      throw new Failure("too many values to unpack (expected " + wanted + ")");
    }
    for (int i = 0; i < wanted; i++) {
      assign(several.targets().get(i), items.get(i), frame);
    }
  }

  private MacroValue macro(
      @Nullable String name, Stmt.Signature signature, Body body, Frame frame) {
    return new MacroValue(this, name, signature, body, scopes.of(body), frame);
  }

  private Flow callBlock(Stmt.CallBlock block, Frame frame, Output out) {
    MacroValue caller = macro(null, block.signature(), block.body(), frame);
    try {
      return write(out, str(evaluator.call(block.call(), frame, caller)));
    } catch (Failure failure) {
      throw Evaluator.error(failure, block.call().pos());
    }
  }

  private Flow filterBlock(Stmt.FilterBlock block, Frame frame, Output out) {
    Frame inner = frame.inner(scopes.of(block.body()));
    Output captured = new Output(budget);
    Flow flow = run(block.body(), inner, captured);
    if (flow == Flow.NORMAL) {
      Value text = Str.of(captured.text());
      out.write(str(evaluator.captured(block.filter(), inner, text)));
    }
    return flow;
  }

  private Flow with(Stmt.With with, Frame frame, Output out) {
    Frame inner = frame.inner(scopes.of(with.body()));
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), evaluator.eval(with.values().get(i), frame), inner);
    }
    return run(with.body(), inner, out);
  }

  private Flow autoescape(Stmt.Autoescape autoescape, Frame frame, Output out) {
    Frame inner = frame.inner(scopes.of(autoescape.body()));
    if (evaluator.holds(autoescape.enabled(), inner)) {
      throw new Failure("autoescape is not supported: a prompt is not HTML");
    }
    return run(autoescape.body(), inner, out);
  }

  private Flow loop(Stmt.For loop, Frame frame, Output out) {
    Value source = evaluator.eval(loop.source(), frame);
    if (loop.isRecursive()) {
      return write(out, recurse(loop, source, frame, 0));
    }
    return iterate(loop, source, frame, 0, out);
  }

  private String recurse(Stmt.For loop, Value source, Frame frame, int depth) {
    Output out = new Output(budget);
    iterate(loop, source, frame, depth, out);
    return out.text();
  }

  private Flow iterate(Stmt.For loop, Value source, Frame frame, int depth, Output out) {
    Scope scope = scopes.of(loop.body());
    Value items = loop.condition() == null ? source : selected(loop, source, frame);
    LoopValue.Recursion recursion =
        loop.isRecursive() ? (inner, level) -> Str.of(recurse(loop, inner, frame, level)) : null;
    LoopValue state =
        new LoopValue(budget, Iteration.of(budget, items), Values.length(items), depth, recursion);
    boolean isElse = true;
    while (state.hasNext()) {
      Value item = state.next();
      Frame inner = frame.inner(scope);
      assign(loop.target(), item, inner);
      if (scope.specials().contains("loop")) {
        inner.set("loop", state);
      }
      Flow flow = run(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      // As in jinja2, only a body that runs to its end keeps the else branch away.
      isElse &= flow == Flow.CONTINUE;
    }
    if (isElse && loop.otherwise() != null) {
      return run(loop.otherwise(), frame.inner(scopes.of(loop.otherwise())), out);
    }
    return Flow.NORMAL;
  }

  /** The items for which the loop's condition holds. */
  private Value selected(Stmt.For loop, Value source, Frame frame) {
    Expr condition = loop.condition();
    if (condition == null) {
      return source;
    }
    Frame test = frame.inner(scopes.ofCondition(loop));
    Lazy chosen =
        Iteration.select(
            budget,
            source,
            item -> {
              assign(loop.target(), item, test);
              return evaluator.holds(condition, test);
            });
    boolean isTuple = loop.target() instanceof Target.Several;
    return isTuple
        ? Iteration.map(budget, chosen, item -> Tuple.of(Iteration.toList(budget, item)))
        : chosen;
  }
}
