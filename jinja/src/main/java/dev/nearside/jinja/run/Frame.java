package dev.nearside.jinja.run;

import dev.nearside.jinja.syntax.Scopes.Scope;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of one scope while it runs. */
final class Frame {
  private final @Nullable Frame parent;
  private final Globals globals;
  private final boolean isTop;
  private final Map<String, Value> variables = new HashMap<>();

  private Frame(@Nullable Frame parent, Globals globals, boolean isTop) {
    this.parent = parent;
    this.globals = globals;
    this.isTop = isTop;
  }

  /** The outermost scope of a template, whose variables its blocks see. */
  static Frame top(Scope scope, Globals globals) {
    return new Frame(null, globals, true).enter(scope);
  }

  /** The scope of a block, which sees only the globals. */
  static Frame block(Scope scope, Globals globals) {
    return new Frame(null, globals, false).enter(scope);
  }

  /** A scope inside this one. */
  Frame inner(Scope scope) {
    return new Frame(this, globals, false).enter(scope);
  }

  private Frame enter(Scope scope) {
    scope
        .loads()
        .forEach((name, load) ->
            variables.put(
                name,
                switch (load) {
                  case PARAMETER, UNDEFINED -> Undefined.MISSING;
                  case RESOLVE -> globals.get(name);
                  case ALIAS -> parent == null ? Undefined.MISSING : parent.raw(name);
                }));
    return this;
  }

  /** The value of a name, or {@link Undefined#MISSING}. */
  private Value raw(String name) {
    for (Frame frame = this; frame != null; frame = frame.parent) {
      Value value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return globals.get(name);
  }

  /** What a template reads under a name. */
  Value get(String name) {
    Value value = raw(name);
    return Undefined.MISSING.equals(value) ? Undefined.variable(name) : value;
  }

  boolean isMissing(String name) {
    return Undefined.MISSING.equals(raw(name));
  }

  /** Assigns in this scope. */
  void set(String name, Value value) {
    variables.put(name, value);
    if (isTop) {
      globals.export(name, value);
    }
  }

  Globals globals() {
    return globals;
  }

  /** Everything visible here, for a scoped block. */
  Globals snapshot() {
    Globals copy = globals.copy();
    copyInto(copy);
    return copy;
  }

  private void copyInto(Globals copy) {
    if (parent != null) {
      parent.copyInto(copy);
    }
    variables.forEach((name, value) -> {
      if (!Undefined.MISSING.equals(value)) {
        copy.export(name, value);
      }
    });
  }
}
