package dev.nearside.jinja.value;

import java.math.BigInteger;

/** Python's {@code int}: no fixed width, but see {@link Arithmetic#MAX_BITS}. */
public record Int(BigInteger value) implements Value {
  public static final Int ZERO = new Int(BigInteger.ZERO);

  public static Int of(long value) {
    return new Int(BigInteger.valueOf(value));
  }

  @Override
  public String typeName() {
    return "int";
  }
}
