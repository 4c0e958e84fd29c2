package dev.nearside.jinja.value;

/** An operation failed. It does not know where: the interpreter adds line and column. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isRaised;

  public Failure(String message) {
    this(message, false);
  }

  private Failure(String message, boolean isRaised) {
    super(message, null, false, false);
    this.isRaised = isRaised;
  }

  /** The template's own {@code raise_exception(message)}. */
  public static Failure raised(String message) {
    return new Failure(message, true);
  }

  public boolean isRaised() {
    return isRaised;
  }

  /** The message, never null. */
  public String what() {
    return String.valueOf(getMessage());
  }
}
