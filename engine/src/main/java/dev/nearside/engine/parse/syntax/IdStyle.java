package dev.nearside.engine.parse.syntax;

/** What the ids of calls look like where the model writes none. */
public enum IdStyle {
  /** {@code call_} and 24 letters and digits, as OpenAI's. */
  OPENAI,
  /** Nine letters and digits: Mistral's templates refuse any other. */
  MISTRAL,
  /** {@code functions.NAME:INDEX}, as Kimi's. */
  KIMI
}
