package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;

/** A place in a template; both count from 1, columns in chars. */
public record Pos(int line, int column) {
  public static final Pos START = new Pos(1, 1);

  public TemplateException error(String what) {
    return new TemplateException(what, line, column);
  }
}
