package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Range;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index of global functions: jinja2's, and those that Hugging Face adds. */
public final class Functions {
  /** The names of the globals. */
  public static final Set<String> NAMES =
      Set.of("range", "dict", "namespace", "cycler", "joiner", "raise_exception", "strftime_now");

  private Functions() {}

  /** The globals of one rendering. */
  public static Map<String, Value> globals(Rendering rendering) {
    return Map.of(
        "range", new Function("range", Functions::range),
        "dict", dict(rendering),
        "namespace", new Function("namespace", args -> new Namespace(rendering.budget(), args)),
        "cycler", new Function("cycler", Cycler::new),
        "joiner", new Function("joiner", Joiner::new),
        "raise_exception", new Function("raise_exception", args -> raise(rendering, args)),
        "strftime_now", new Function("strftime_now", args -> now(rendering, args)));
  }

  private static Function dict(Rendering rendering) {
    Function fromKeys =
        new Function("fromkeys", args -> DictMethods.fromKeys(rendering.budget(), args));
    return new Function(
        "dict",
        args -> DictMethods.create(rendering.budget(), args),
        new ObjectValue() {
          @Override
          public @Nullable Value attribute(String name) {
            return name.equals("fromkeys") ? fromKeys : null;
          }

          @Override
          public String typeName() {
            return "dict";
          }
        });
  }

  private static Value range(Args args) {
    Bound bound = args.bindPositional("range", 1, 3);
    long first = bound(bound.need(0));
    if (bound.get(1) == null) {
      return Range.of(0, first, 1);
    }
    return Range.of(first, bound(bound.need(1)), bound.get(2) == null ? 1 : bound(bound.need(2)));
  }

  private static long bound(Value value) {
    BigInteger number = Values.integer(value);
    if (number == null) {
      throw value instanceof Undefined undefined
          ? undefined.failure()
          : new Failure("'" + value.typeName() + "' object cannot be interpreted as an integer");
    }
    if (number.bitLength() > 61) {
      throw new Failure("range too big: bounds have at most 61 bits");
    }
    return number.longValue();
  }

  private static Value raise(Rendering rendering, Args args) {
    Value message = args.bind("raise_exception", 1, "message").need(0);
    throw Failure.raised(rendering.str(message));
  }

  private static Value now(Rendering rendering, Args args) {
    String format = args.bind("strftime_now", 1, "format").text(0);
    return Str.of(
        Strftime.format(rendering.budget(), LocalDateTime.now(rendering.clock()), format));
  }
}
