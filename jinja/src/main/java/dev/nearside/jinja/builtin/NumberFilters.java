package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Arithmetic.Operator;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.FormatSpec;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Parsing;
import dev.nearside.jinja.value.Real;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters on numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static Value abs(Rendering rendering, Value input, Args args) {
    args.none("abs");
    BigInteger whole = Values.integer(input);
    if (whole != null) {
      return new Int(whole.abs());
    }
    if (input instanceof Real number) {
      return new Real(Math.abs(number.value()));
    }
    throw new Failure("bad operand type for abs(): '" + input.typeName() + "'");
  }

  static Value toInt(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("int", 0, "default", "base");
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    BigInteger number = integer(rendering.budget(), input, bound.integer(1, 10));
    return number == null ? bound.get(0, Int.ZERO) : new Int(number);
  }

  private static @Nullable BigInteger integer(Budget budget, Value input, int base) {
    if (input instanceof Str text) {
      budget.scan(text.text().length() * 32L);
      BigInteger number = Parsing.integer(text.text(), base);
      Double real = number == null ? Parsing.real(text.text()) : null;
      return real == null || real.isNaN() || real.isInfinite()
          ? number
          : new BigDecimal(real).toBigInteger();
    }
    if (input instanceof Real real) {
      if (Double.isInfinite(real.value())) {
        throw new Failure("cannot convert float infinity to integer");
      }
      return Double.isNaN(real.value()) ? null : new BigDecimal(real.value()).toBigInteger();
    }
    return Values.integer(input);
  }

  static Value toReal(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("float", 0, "default");
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Value fallback = bound.get(0, new Real(0.0));
    if (input instanceof Str text) {
      rendering.budget().scan(text.text().length() * 32L);
      Double number = Parsing.real(text.text());
      return number == null ? fallback : new Real(number);
    }
    return Values.isNumber(input) ? new Real(Arithmetic.toDouble(input)) : fallback;
  }

  static Value sum(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("sum", 0, "attribute", "start");
    UnaryOperator<Value> getter = AttributePath.getter(rendering, bound.get(0), null);
    Value total = bound.get(1, Int.ZERO);
    if (total instanceof Str) {
      throw new Failure("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Value> items = Iteration.of(rendering.budget(), input);
    while (items.hasNext()) {
      Value item = getter.apply(items.next());
      total = Arithmetic.apply(rendering.budget(), Operator.ADD, total, item);
    }
    return total;
  }

  static Value round(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("round", 0, "precision", "method");
    String method = bound.text(1, "common");
    if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
      throw new Failure("method must be common, ceil or floor");
    }
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!Values.isNumber(input)) {
      throw new Failure("type " + input.typeName() + " doesn't define __round__ method");
    }
    if (!method.equals("common")) {
      return toSide(rendering.budget(), input, bound, method.equals("ceil"));
    }
    if (bound.get(0) == None.NONE) {
      Value rounded = round(input, 0);
      return rounded instanceof Real real ? whole(real) : rounded;
    }
    return round(input, bound.integer(0, 0));
  }

  private static Int whole(Real real) {
    if (Double.isNaN(real.value()) || Double.isInfinite(real.value())) {
      throw new Failure("cannot convert float NaN or infinity to integer");
    }
    return new Int(new BigDecimal(real.value()).toBigInteger());
  }

  /** Python's {@code round}: halves to even, on the exact value. */
  private static Value round(Value input, int precision) {
    BigInteger number = Values.integer(input);
    if (number != null) {
      int most = number.bitLength();
      return precision >= 0
          ? new Int(number)
          : precision < -most - 1
              ? Int.ZERO
              : new Int(
                  new BigDecimal(number)
                      .setScale(precision, RoundingMode.HALF_EVEN)
                      .toBigIntegerExact());
    }
    double value = Arithmetic.toDouble(input);
    if (Double.isNaN(value) || Double.isInfinite(value) || precision > 323) {
      return new Real(value);
    }
    double rounded =
        precision < -309
            ? 0.0
            : new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw new Failure("rounded value too large to represent");
    }
    return new Real(Math.copySign(rounded, value));
  }

  private static Value toSide(Budget budget, Value input, Bound bound, boolean isUp) {
    Value scale = Arithmetic.apply(budget, Operator.POWER, Int.of(10), bound.get(0, Int.ZERO));
    Value scaled = Arithmetic.apply(budget, Operator.MULTIPLY, input, scale);
    if (scaled instanceof Real real) {
      if (Double.isNaN(real.value()) || Double.isInfinite(real.value())) {
        throw new Failure("cannot convert float NaN or infinity to integer");
      }
      double side = isUp ? Math.ceil(real.value()) : Math.floor(real.value());
      scaled = new Int(new BigDecimal(side).toBigInteger());
    }
    return Arithmetic.apply(budget, Operator.DIVIDE, scaled, scale);
  }

  static Value fileSize(Rendering rendering, Value input, Args args) {
    boolean isBinary = args.bind("filesizeformat", 0, "binary").flag(0, false);
    Double parsed = input instanceof Str text ? Parsing.real(text.text()) : null;
    if (input instanceof Str && parsed == null) {
      throw new Failure("could not convert string to float");
    }
    double bytes = parsed == null ? Arithmetic.toDouble(input) : parsed;
    double base = isBinary ? 1024 : 1000;
    if (bytes == 1) {
      return Str.of("1 Byte");
    }
    if (bytes < base) {
      return Str.of(whole(new Real(bytes)).value() + " Bytes");
    }
    List<String> prefixes = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");
    int index = 0;
    double unit = base * base;
    while (!(bytes < unit) && index < prefixes.size() - 1) {
      index++;
      unit *= base;
    }
    String number = FormatSpec.format(rendering.budget(), new Real(base * bytes / unit), ".1f");
    String prefix = prefixes.get(index);
    return Str.of(number + " " + (isBinary ? prefix.replace('k', 'K') + "iB" : prefix + "B"));
  }
}
