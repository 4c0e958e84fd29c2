package dev.nearside.jinja;

/**
 * The template itself called {@code raise_exception}: it refuses what it was given, for instance a
 * system message that its model was not trained with.
 */
public final class RaisedException extends TemplateException {
  private static final long serialVersionUID = 1L;

  public RaisedException(String message, int line, int column) {
    super(message, line, column);
  }
}
