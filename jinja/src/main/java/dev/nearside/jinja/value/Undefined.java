package dev.nearside.jinja.value;

/**
 * jinja2's {@code Undefined}: prints as nothing, is false and empty; any other use is an error.
 *
 * @param message what the error says
 */
public record Undefined(String message) implements Value {
  /** A variable that has no value yet; templates never see it. No other has an empty message. */
  public static final Undefined MISSING = new Undefined("");

  public static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  /** {@code owner.name} does not exist. */
  public static Undefined attribute(Value owner, String name) {
    return new Undefined("'" + owner.typeName() + " object' has no attribute '" + name + "'");
  }

  public Failure failure() {
    return new Failure(message);
  }

  @Override
  public String typeName() {
    return "Undefined";
  }
}
