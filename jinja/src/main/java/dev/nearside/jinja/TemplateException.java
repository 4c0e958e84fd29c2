package dev.nearside.jinja;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;

/** A template is broken, or its rendering failed. Lines and columns count from 1. */
public class TemplateException extends NearsideException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  public TemplateException(String what, int line, int column) {
    super(Fault.of(what).where("line " + line + ", column " + column), null);
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
