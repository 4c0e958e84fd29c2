package dev.nearside.jinja.syntax;

import dev.nearside.jinja.syntax.Stmt.Body;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The scopes of a template: what each binds on entry, found once when the template is parsed. */
public final class Scopes {
  /** Where a scope gets a variable's first value. */
  public enum Load {
    /** Bound by what opens the scope: a loop target, a macro's parameter. */
    PARAMETER,
    /** Looked up among the variables given to the template, and the globals. */
    RESOLVE,
    /** Copied from the enclosing scope, because this one assigns it. */
    ALIAS,
    /** None until it is assigned. */
    UNDEFINED
  }

  /**
   * One scope.
   *
   * @param loads its variables
   * @param specials which of {@code loop}, {@code caller}, {@code kwargs}, {@code varargs}, {@code
   *     self} and {@code super} it is given
   */
  public record Scope(Map<String, Load> loads, Set<String> specials) {}

  private final IdentityHashMap<Object, Scope> scopes = new IdentityHashMap<>();
  private final Set<String> resolved = new LinkedHashSet<>();

  void put(Object owner, Scope scope) {
    scopes.put(owner, scope);
    scope
        .loads()
        .forEach((name, load) -> {
          if (load == Load.RESOLVE) {
            resolved.add(name);
          }
        });
  }

  /** The scope of a body that opens one. */
  public Scope of(Body body) {
    return get(body);
  }

  /** The scope of a loop's condition. */
  public Scope ofCondition(Stmt.For loop) {
    return get(loop);
  }

  private Scope get(Object owner) {
    Scope scope = scopes.get(owner);
    if (scope == null) {
      throw new IllegalStateException("no scope was found for this part of the template");
    }
    return scope;
  }

  /** Every name that some scope looks up among the given variables and globals. */
  public Set<String> resolved() {
    return resolved;
  }
}
