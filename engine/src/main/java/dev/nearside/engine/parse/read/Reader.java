package dev.nearside.engine.parse.read;

/** Reads a part of a call. Not thread-safe; for one use. */
interface Reader {
  /** How reading went. */
  enum Progress {
    /** The part is read. */
    DONE,
    /** More text is needed. */
    MORE,
    /** The text is something else. */
    FAILED
  }

  /** Reads on, as far as the text goes. */
  Progress read(Feed in, CallWriter out);
}
