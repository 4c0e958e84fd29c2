package dev.nearside.grammar;

import dev.nearside.base.Fault;

/** A JSON Schema that can't be honoured: names the keyword and its place. */
public final class SchemaException extends GrammarException {
  private static final long serialVersionUID = 1L;

  private final String keyword;
  private final String pointer;
  private final boolean isMalformed;

  /** A keyword that is right and can't be honoured. */
  public SchemaException(String what, String keyword, String pointer) {
    this(what, keyword, pointer, false);
  }

  /**
   * @param keyword the keyword that can't be honoured; empty for the schema as a whole
   * @param pointer the JSON pointer of the keyword's value, {@code #/properties/a/not}
   * @param isMalformed whether it is no schema at all
   */
  public SchemaException(String what, String keyword, String pointer, boolean isMalformed) {
    super(
        (keyword.isEmpty() ? Fault.of(what) : Fault.of(what).got("keyword '" + keyword + "'"))
            .where(pointer));
    this.keyword = keyword;
    this.pointer = pointer;
    this.isMalformed = isMalformed;
  }

  /** Whether the keyword's value is one that no schema may have. */
  public boolean isMalformed() {
    return isMalformed;
  }

  public String keyword() {
    return keyword;
  }

  public String pointer() {
    return pointer;
  }
}
