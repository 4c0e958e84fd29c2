package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * A function that templates can call and pass around: a global, or a method bound to its object.
 */
public final class Function implements ObjectValue {
  /** What the function does. */
  public interface Code {
    Value call(Args args);
  }

  private final String name;
  private final Code code;
  private final @Nullable ObjectValue attributes;

  public Function(String name, Code code) {
    this(name, code, null);
  }

  /** A function that also has the attributes of another object. */
  Function(String name, Code code, @Nullable ObjectValue attributes) {
    this.name = name;
    this.code = code;
    this.attributes = attributes;
  }

  @Override
  public @Nullable Value attribute(String attribute) {
    return attributes == null ? null : attributes.attribute(attribute);
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public Value call(Args args) {
    return code.call(args);
  }

  @Override
  public String repr(Budget budget) {
    return "<function " + name + ">";
  }

  @Override
  public String typeName() {
    return "function";
  }
}
