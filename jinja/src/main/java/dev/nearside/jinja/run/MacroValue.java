package dev.nearside.jinja.run;

import dev.nearside.jinja.syntax.Scopes.Scope;
import dev.nearside.jinja.syntax.Stmt;
import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a {@code call} block, with the scope that it was defined in. */
final class MacroValue implements ObjectValue {
  private final Interpreter interpreter;
  private final @Nullable String name;
  private final Stmt.Signature signature;
  private final Stmt.Body body;
  private final Scope scope;
  private final Frame closure;

  MacroValue(
      Interpreter interpreter,
      @Nullable String name,
      Stmt.Signature signature,
      Stmt.Body body,
      Scope scope,
      Frame closure) {
    this.interpreter = interpreter;
    this.name = name;
    this.signature = signature;
    this.body = body;
    this.scope = scope;
    this.closure = closure;
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public Value call(Args args) {
    Frame frame = closure.inner(scope);
    bind(args, frame);
    for (int i = 0; i < signature.parameters().size(); i++) {
      String parameter = signature.parameters().get(i);
      if (frame.isMissing(parameter)) {
        frame.set(parameter, interpreter.parameterDefault(signature, i, frame));
      }
    }
    return Str.of(interpreter.capture(body, frame));
  }

  private void bind(Args args, Frame frame) {
    List<String> parameters = signature.parameters();
    Map<String, Value> named = new LinkedHashMap<>(args.named());
    for (int i = 0; i < parameters.size(); i++) {
      Value value =
          i < args.positional().size() ? args.positional().get(i) : named.remove(parameters.get(i));
      if (value != null) {
        frame.set(parameters.get(i), value);
      }
    }
    if (scope.specials().contains("caller")) {
      Value caller = named.remove("caller");
      if (caller == null || caller == None.NONE) {
        caller = new Undefined("No caller defined");
      }
      frame.set("caller", caller);
    }
    bindRest(args, named, frame);
  }

  private void bindRest(Args args, Map<String, Value> named, Frame frame) {
    Budget budget = interpreter.budget();
    int count = signature.parameters().size();
    if (scope.specials().contains("kwargs")) {
      Dict rest = new Dict();
      named.forEach((key, value) -> rest.put(budget, Str.of(key), value));
      frame.set("kwargs", rest);
    } else if (!named.isEmpty()) {
      throw new Failure(
          "macro '"
              + name
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    List<Value> extra =
        args.positional()
            .subList(Math.min(count, args.positional().size()), args.positional().size());
    if (scope.specials().contains("varargs")) {
      budget.chargeSlots(extra.size());
      frame.set("varargs", Tuple.of(extra));
    } else if (!extra.isEmpty()) {
      throw new Failure("macro '" + name + "' takes not more than " + count + " argument(s)");
    }
  }

  @Override
  public @Nullable Value attribute(String attribute) {
    return switch (attribute) {
      case "name" -> name == null ? None.NONE : Str.of(name);
      case "arguments" -> {
        List<Value> names = new ArrayList<>();
        signature.parameters().forEach(parameter -> names.add(Str.of(parameter)));
        yield Tuple.of(names);
      }
      case "caller" -> Bool.of(scope.specials().contains("caller"));
      case "catch_kwargs" -> Bool.of(scope.specials().contains("kwargs"));
      case "catch_varargs" -> Bool.of(scope.specials().contains("varargs"));
      default -> null;
    };
  }

  @Override
  public String repr(Budget budget) {
    return name == null ? "<Macro anonymous>" : "<Macro '" + name + "'>";
  }

  @Override
  public String typeName() {
    return "Macro";
  }
}
