package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Comparison.Order;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Keys;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Range;
import dev.nearside.jinja.value.Real;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The index of tests. */
public final class Tests {
  static final Map<String, Test> ALL = index();

  private Tests() {}

  public static boolean has(String name) {
    return ALL.containsKey(name);
  }

  private static Map<String, Test> index() {
    Map<String, Test> all = new LinkedHashMap<>();
    simple(all, "boolean", value -> value instanceof Bool);
    simple(all, "callable", Tests::isCallable);
    simple(all, "defined", value -> !(value instanceof Undefined));
    simple(all, "escaped", value -> value instanceof Str text && text.safe());
    simple(all, "false", value -> value == Bool.FALSE);
    all.put("filter", (rt, value, args) -> isKnown(rt, "filter", value, Filters::has, args));
    simple(all, "float", value -> value instanceof Real);
    simple(all, "integer", value -> value instanceof Int);
    simple(all, "iterable", Iteration::isIterable);
    simple(all, "mapping", value -> value instanceof Dict);
    simple(all, "none", value -> value == None.NONE);
    simple(all, "number", Values::isNumber);
    simple(all, "sequence", Tests::isSequence);
    simple(all, "string", value -> value instanceof Str);
    all.put("test", (rt, value, args) -> isKnown(rt, "test", value, Tests::has, args));
    simple(all, "true", value -> value == Bool.TRUE);
    simple(all, "undefined", value -> value instanceof Undefined);
    all.put("even", (rt, value, args) -> remainder(rt, "even", value, 2, 0, args));
    all.put("odd", (rt, value, args) -> remainder(rt, "odd", value, 2, 1, args));
    all.put("divisibleby", Tests::isDivisible);
    all.put("lower", (rt, value, args) -> hasCase(rt, value, "lower", StrCase::isLower, args));
    all.put("upper", (rt, value, args) -> hasCase(rt, value, "upper", StrCase::isUpper, args));
    all.put(
        "sameas",
        (rt, a, args) -> Comparison.identical(a, args.bind("sameas", 1, "other").need(0)));
    all.put(
        "in",
        (rt, a, args) -> Comparison.contains(rt.budget(), args.bind("in", 1, "seq").need(0), a));
    Test equal = (rt, a, args) -> Comparison.equal(rt.budget(), a, other(args));
    Test unequal = (rt, a, args) -> !Comparison.equal(rt.budget(), a, other(args));
    names(all, equal, "==", "eq", "equalto");
    names(all, unequal, "!=", "ne");
    names(all, order(Order.LESS), "<", "lt", "lessthan");
    names(all, order(Order.LESS_EQUAL), "<=", "le");
    names(all, order(Order.GREATER), ">", "gt", "greaterthan");
    names(all, order(Order.GREATER_EQUAL), ">=", "ge");
    return Map.copyOf(all);
  }

  private static void simple(Map<String, Test> all, String name, Predicate<Value> question) {
    all.put(
        name,
        (rendering, value, args) -> {
          args.none(name);
          return question.test(value);
        });
  }

  private static void names(Map<String, Test> all, Test test, String... names) {
    for (String name : names) {
      all.put(name, test);
    }
  }

  private static boolean isKnown(
      Rendering rendering, String kind, Value name, Predicate<String> known, Args args) {
    args.none(kind);
    return Keys.of(rendering.budget(), name) instanceof String text && known.test(text);
  }

  private static Value other(Args args) {
    return args.bindPositional("comparison", 1, 1).need(0);
  }

  private static Test order(Order order) {
    return (rendering, value, args) ->
        Comparison.ordered(rendering.budget(), value, other(args), order);
  }

  private static boolean isCallable(Value value) {
    return value instanceof Undefined
        || (value instanceof ObjectValue object && object.isCallable());
  }

  private static boolean isSequence(Value value) {
    return value instanceof Str
        || value instanceof ListValue
        || value instanceof Tuple
        || value instanceof Range
        || value instanceof Dict
        || value instanceof Undefined;
  }

  private static boolean remainder(
      Rendering rendering, String name, Value value, int divisor, int rest, Args args) {
    args.none(name);
    return leaves(rendering, value, Int.of(divisor), rest);
  }

  private static boolean isDivisible(Rendering rendering, Value value, Args args) {
    return leaves(rendering, value, args.bind("divisibleby", 1, "num").need(0), 0);
  }

  private static boolean leaves(Rendering rendering, Value value, Value divisor, int rest) {
    Value found = Arithmetic.apply(rendering.budget(), Arithmetic.Operator.MODULO, value, divisor);
    return Comparison.equal(rendering.budget(), found, Int.of(rest));
  }

  private static boolean hasCase(
      Rendering rendering, Value value, String name, Predicate<String> question, Args args) {
    args.none(name);
    String text = rendering.str(value);
    rendering.budget().scan(text.length());
    return question.test(text);
  }
}
