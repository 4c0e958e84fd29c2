package dev.nearside.jinja.run;

import dev.nearside.jinja.builtin.Function;
import dev.nearside.jinja.syntax.Stmt;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code self}, through which a template renders one of its blocks once more. */
final class SelfValue implements ObjectValue {
  private final Interpreter interpreter;
  private final Globals globals;
  private final Map<String, Stmt.Block> blocks;

  SelfValue(Interpreter interpreter, Globals globals, Map<String, Stmt.Block> blocks) {
    this.interpreter = interpreter;
    this.globals = globals;
    this.blocks = blocks;
  }

  @Override
  public @Nullable Value attribute(String name) {
    Stmt.Block block = blocks.get(name);
    if (block == null) {
      return null;
    }
    return new Function(
        name,
        args -> {
          args.none(name);
          return Str.of(interpreter.captureBlock(block, globals));
        });
  }

  @Override
  public String typeName() {
    return "TemplateReference";
  }
}
