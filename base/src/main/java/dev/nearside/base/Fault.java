package dev.nearside.base;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for people and for machines: the parts of an error message.
 *
 * @param what what is wrong, in a few words
 * @param got the value that was found
 * @param expected the value or range that would have been right
 * @param where field, tensor, byte offset, line, address
 * @param hint what the user can do
 */
public record Fault(
    String what,
    @Nullable String got,
    @Nullable String expected,
    @Nullable String where,
    @Nullable String hint) {

  /** A fault that only says what is wrong; add the rest with the other methods. */
  public static Fault of(String what) {
    return new Fault(what, null, null, null, null);
  }

  public Fault got(Object value) {
    return new Fault(what, String.valueOf(value), expected, where, hint);
  }

  public Fault expected(Object value) {
    return new Fault(what, got, String.valueOf(value), where, hint);
  }

  public Fault where(Object place) {
    return new Fault(what, got, expected, String.valueOf(place), hint);
  }

  public Fault hint(String todo) {
    return new Fault(what, got, expected, where, todo);
  }

  /** The parts as one line: {@code what: got G, expected E (where). hint}. */
  public String message() {
    StringBuilder out = new StringBuilder(what);
    if (got != null) {
      out.append(": got ").append(got);
    }
    if (expected != null) {
      out.append(got == null ? ": expected " : ", expected ").append(expected);
    }
    if (where != null) {
      out.append(" (").append(where).append(')');
    }
    if (hint != null) {
      out.append(". ").append(hint);
    }
    return out.toString();
  }
}
