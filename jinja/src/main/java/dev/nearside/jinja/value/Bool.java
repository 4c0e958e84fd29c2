package dev.nearside.jinja.value;

/** Python's {@code bool}, which counts as the integers 0 and 1. */
public enum Bool implements Value {
  FALSE,
  TRUE;

  public static Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  @Override
  public String typeName() {
    return "bool";
  }
}
