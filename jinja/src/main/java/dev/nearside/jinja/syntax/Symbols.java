package dev.nearside.jinja.syntax;

import dev.nearside.jinja.syntax.Scopes.Load;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one scope while it is being analysed. Reference: jinja2 3.1.6, idtracking.py. */
final class Symbols {
  private final @Nullable Symbols parent;
  private final Map<String, Load> loads = new LinkedHashMap<>();
  private final Set<String> stores = new HashSet<>();

  Symbols(@Nullable Symbols parent) {
    this.parent = parent;
  }

  Map<String, Load> loads() {
    return loads;
  }

  private boolean knows(String name) {
    for (Symbols scope = this; scope != null; scope = scope.parent) {
      if (scope.loads.containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  private boolean parentKnows(String name) {
    return parent != null && parent.knows(name);
  }

  void parameter(String name) {
    stores.add(name);
    loads.put(name, Load.PARAMETER);
  }

  void load(String name) {
    if (!knows(name)) {
      loads.put(name, Load.RESOLVE);
    }
  }

  void store(String name) {
    stores.add(name);
    if (!loads.containsKey(name)) {
      loads.put(name, parentKnows(name) ? Load.ALIAS : Load.UNDEFINED);
    }
  }

  /** A copy for one branch of an {@code if}, to be {@link #merge}d. */
  Symbols branch() {
    Symbols copy = new Symbols(parent);
    copy.loads.putAll(loads);
    copy.stores.addAll(stores);
    return copy;
  }

  /** After an {@code if}: what only some branches assign has its outer value in the others. */
  void merge(List<Symbols> branches) {
    Set<String> assigned = new HashSet<>();
    branches.forEach(branch -> assigned.addAll(branch.stores));
    assigned.removeAll(stores);
    for (Symbols branch : branches) {
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    for (String name : assigned) {
      loads.put(name, parentKnows(name) ? Load.ALIAS : Load.RESOLVE);
    }
  }
}
