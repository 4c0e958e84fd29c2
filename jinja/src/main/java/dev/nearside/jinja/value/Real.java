package dev.nearside.jinja.value;

/** Python's {@code float}. */
public record Real(double value) implements Value {
  @Override
  public String typeName() {
    return "float";
  }
}
