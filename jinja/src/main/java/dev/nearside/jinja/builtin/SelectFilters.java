package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Lazy;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that apply a filter or a test to each item; lazy, as in jinja2. */
final class SelectFilters {
  private SelectFilters() {}

  static Value map(Runtime runtime, Value input, Args args) {
    if (!Values.truthy(input)) {
      return nothing();
    }
    return Iteration.map(runtime.budget(), input, mapping(runtime, args));
  }

  private static Lazy nothing() {
    return new Lazy("generator", Collections.emptyIterator());
  }

  private static UnaryOperator<Value> mapping(Runtime runtime, Args args) {
    if (args.positional().isEmpty() && args.named().containsKey("attribute")) {
      Bound bound = args.bind("map", 0, "attribute", "default");
      return AttributePath.getter(runtime, bound.get(0), bound.some(1));
    }
    if (args.positional().isEmpty()) {
      throw new Failure("map requires a filter argument");
    }
    String name = name(args.positional().getFirst());
    Args rest = args.drop(1);
    return item -> runtime.filter(name, item, rest);
  }

  private static String name(Value value) {
    if (value instanceof Str text) {
      return text.text();
    }
    throw new Failure("the name of a filter or test must be a str, not " + value.typeName());
  }

  static Value select(Runtime runtime, Value input, Args args) {
    return choose(runtime, input, args, false, true);
  }

  static Value reject(Runtime runtime, Value input, Args args) {
    return choose(runtime, input, args, false, false);
  }

  static Value selectAttr(Runtime runtime, Value input, Args args) {
    return choose(runtime, input, args, true, true);
  }

  static Value rejectAttr(Runtime runtime, Value input, Args args) {
    return choose(runtime, input, args, true, false);
  }

  private static Value choose(
      Runtime runtime, Value input, Args args, boolean byAttribute, boolean isWanted) {
    if (!Values.truthy(input)) {
      return nothing();
    }
    UnaryOperator<Value> getter = UnaryOperator.identity();
    Args rest = args;
    if (byAttribute) {
      if (args.positional().isEmpty()) {
        throw new Failure("Missing parameter for attribute name");
      }
      getter = AttributePath.getter(runtime, args.positional().getFirst(), null);
      rest = args.drop(1);
    }
    UnaryOperator<Value> subject = getter;
    Predicate<Value> condition = condition(runtime, rest);
    return Iteration.select(
        runtime.budget(), input, item -> condition.test(subject.apply(item)) == isWanted);
  }

  private static Predicate<Value> condition(Runtime runtime, Args args) {
    List<Value> positional = args.positional();
    if (positional.isEmpty()) {
      return Values::truthy;
    }
    String name = name(positional.getFirst());
    Args rest = args.drop(1);
    return item -> runtime.test(name, item, rest);
  }
}
