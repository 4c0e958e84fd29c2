package dev.nearside.jinja.builtin;

import java.util.Set;
import java.util.TreeSet;

/** Opens the indexes of built-ins to tests. */
public final class Indexes {
  private Indexes() {}

  public static Set<String> filters() {
    return new TreeSet<>(Filters.ALL.keySet());
  }

  public static Set<String> tests() {
    return new TreeSet<>(Tests.ALL.keySet());
  }

  /** The methods of str, list, tuple and dict. */
  public static Set<String> methods() {
    Set<String> names = new TreeSet<>(StrMethods.ALL.keySet());
    names.addAll(ListMethods.ALL.keySet());
    names.addAll(TupleMethods.ALL.keySet());
    names.addAll(DictMethods.ALL.keySet());
    return names;
  }
}
