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
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Filters that apply a filter or a test to each item; lazy, as in jinja2. */
final class SelectFilters {
  private SelectFilters() {}

  static Value map(Rendering rendering, Value input, Args args) {
    return generator(
        input, () -> Iteration.map(rendering.budget(), input, mapping(rendering, args)).source());
  }

  /** jinja2 looks at the arguments only when it comes to the first item. */
  private static Lazy generator(Value input, Supplier<Iterator<Value>> opening) {
    return Lazy.generator(() -> Values.truthy(input) ? opening.get() : Collections.emptyIterator());
  }

  private static UnaryOperator<Value> mapping(Rendering rendering, Args args) {
    if (args.positional().isEmpty() && args.named().containsKey("attribute")) {
      Bound bound = args.bind("map", 0, "attribute", "default");
      return AttributePath.getter(rendering, bound.get(0), bound.some(1));
    }
    if (args.positional().isEmpty()) {
      throw new Failure("map requires a filter argument");
    }
    String name = name(args.positional().getFirst());
    Args rest = args.drop(1);
    return item -> rendering.filter(name, item, rest);
  }

  private static String name(Value value) {
    if (value instanceof Str text) {
      return text.text();
    }
    throw new Failure("the name of a filter or test must be a str, not " + value.typeName());
  }

  static Value select(Rendering rendering, Value input, Args args) {
    return choose(rendering, input, args, false, true);
  }

  static Value reject(Rendering rendering, Value input, Args args) {
    return choose(rendering, input, args, false, false);
  }

  static Value selectAttr(Rendering rendering, Value input, Args args) {
    return choose(rendering, input, args, true, true);
  }

  static Value rejectAttr(Rendering rendering, Value input, Args args) {
    return choose(rendering, input, args, true, false);
  }

  private static Value choose(
      Rendering rendering, Value input, Args args, boolean byAttribute, boolean isWanted) {
    return generator(
        input,
        () -> {
          if (byAttribute && args.positional().isEmpty()) {
            throw new Failure("Missing parameter for attribute name");
          }
          UnaryOperator<Value> subject =
              byAttribute
                  ? AttributePath.getter(rendering, args.positional().getFirst(), null)
                  : UnaryOperator.identity();
          Predicate<Value> condition = condition(rendering, byAttribute ? args.drop(1) : args);
          Predicate<Value> choice = item -> condition.test(subject.apply(item)) == isWanted;
          return Iteration.select(rendering.budget(), input, choice).source();
        });
  }

  private static Predicate<Value> condition(Rendering rendering, Args args) {
    List<Value> positional = args.positional();
    if (positional.isEmpty()) {
      return Values::truthy;
    }
    String name = name(positional.getFirst());
    Args rest = args.drop(1);
    return item -> rendering.test(name, item, rest);
  }
}
