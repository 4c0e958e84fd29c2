package dev.nearside.chat;

/** A piece of a message's content. */
public sealed interface Part {
  /** Text. */
  record Text(String text) implements Part {}

  /**
   * Something else than text.
   *
   * @param kind what it is, for models that take it and errors of those that don't
   * @param source where it is: a {@code data:} or other URI, or a file's name
   */
  record Media(Kind kind, String source) implements Part {}

  /** Kinds of media. */
  enum Kind {
    IMAGE,
    AUDIO,
    VIDEO,
    FILE
  }
}
