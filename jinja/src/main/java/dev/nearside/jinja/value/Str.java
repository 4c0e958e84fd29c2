package dev.nearside.jinja.value;

/**
 * Python's {@code str}; indices and lengths that a template sees count code points.
 *
 * @param text the characters
 * @param safe true for markupsafe's {@code Markup}, the result of {@code |safe} and {@code |escape}
 */
public record Str(String text, boolean safe) implements Value {
  public static final Str EMPTY = new Str("", false);

  public static Str of(String text) {
    return new Str(text, false);
  }

  /** A string derived from this one, which stays safe if this one is. */
  public Str like(String derived) {
    return new Str(derived, safe);
  }

  @Override
  public String typeName() {
    return safe ? "Markup" : "str";
  }
}
