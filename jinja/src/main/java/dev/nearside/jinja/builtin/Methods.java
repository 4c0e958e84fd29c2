package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Real;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index of methods, by the type that has them. */
final class Methods {
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Methods() {}

  /** The method bound to its object, undefined if it is forbidden, null if there is none. */
  static @Nullable Value find(Rendering rendering, Value self, String name) {
    return switch (self) {
      case Str text -> bind(rendering, text, name, StrMethods.ALL, Set.of());
      case ListValue list -> bind(rendering, list, name, ListMethods.ALL, CHANGES_LIST);
      case Tuple tuple -> bind(rendering, tuple, name, TupleMethods.ALL, Set.of());
      case Dict dict -> bind(rendering, dict, name, DictMethods.ALL, CHANGES_DICT);
      case Int number -> integer(number.value(), name);
      case Bool bool -> integer(asInteger(bool), name);
      case Real number -> real(number, name);
      default -> null;
    };
  }

  private static <T extends Value> @Nullable Value bind(
      Rendering rendering,
      T self,
      String name,
      Map<String, Method<T>> methods,
      Set<String> changing) {
    Method<T> method = methods.get(name);
    if (method == null) {
      return null;
    }
    if (!rendering.isMutable() && changing.contains(name)) {
      return new Undefined(
          "access to attribute '" + name + "' of '" + self.typeName() + "' object is unsafe.");
    }
    return new Function(
        name,
        args -> {
          rendering.read(self);
          return method.call(rendering, self, args);
        });
  }

  private static BigInteger asInteger(Bool bool) {
    return bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
  }

  private static @Nullable Value integer(BigInteger value, String name) {
    return switch (name) {
      case "real", "numerator" -> new Int(value);
      case "imag" -> Int.ZERO;
      case "denominator" -> Int.of(1);
      case "bit_length" -> new Function(name, args -> Int.of(value.abs().bitLength()));
      case "bit_count" -> new Function(name, args -> Int.of(value.abs().bitCount()));
      default -> null;
    };
  }

  private static @Nullable Value real(Real number, String name) {
    return switch (name) {
      case "real" -> number;
      case "imag" -> new Real(0.0);
      case "is_integer" ->
          new Function(
              name,
              args ->
                  Bool.of(
                      number.value() == Math.rint(number.value())
                          && !Double.isInfinite(number.value())));
      default -> null;
    };
  }

  /** A position in a sequence counted from the end if negative, cut to the sequence. */
  static int position(int index, int size) {
    long at = index < 0 ? (long) index + size : index;
    return Math.clamp(at, 0, size);
  }
}
