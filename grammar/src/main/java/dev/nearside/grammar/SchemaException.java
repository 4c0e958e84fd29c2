package dev.nearside.grammar;

import dev.nearside.base.Fault;

/** A JSON Schema that can't be honoured: names the keyword and its place. */
public final class SchemaException extends GrammarException {
  private static final long serialVersionUID = 1L;

  private final String keyword;
  private final String pointer;

  /**
   * @param keyword the keyword that can't be honoured; empty for the schema as a whole
   * @param pointer the JSON pointer of the keyword's value, {@code #/properties/a/not}
   */
  public SchemaException(String what, String keyword, String pointer) {
    super(
        (keyword.isEmpty() ? Fault.of(what) : Fault.of(what).got("keyword '" + keyword + "'"))
            .where(pointer));
    this.keyword = keyword;
    this.pointer = pointer;
  }

  public String keyword() {
    return keyword;
  }

  public String pointer() {
    return pointer;
  }
}
