package dev.nearside.engine.parse.constrain;

import dev.nearside.chat.ToolSpec;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.SchemaException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of tools' arguments. */
final class ToolRules {
  private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

  private final Grammar.Builder builder;
  private int count;

  ToolRules(Grammar.Builder builder) {
    this.builder = builder;
  }

  /**
   * The arguments as a JSON object.
   *
   * @throws SchemaException where a strict tool's schema can't be honoured, or is no schema
   */
  Expr arguments(ToolSpec tool) {
    return rule(tool.parameters(), tool.isStrict(), Map.of("type", "object"));
  }

  /** The value of one argument as JSON. */
  Expr argument(ToolSpec tool, String key) {
    Object schema = properties(tool).get(key);
    if (!(schema instanceof Map<?, ?> map) || map.isEmpty()) {
      return rule(true, false, true);
    }
    Map<Object, Object> whole = new LinkedHashMap<>(map);
    for (String name : DEFINITIONS) {
      Object definitions = tool.parameters().get(name);
      if (definitions != null) {
        whole.putIfAbsent(name, definitions);
      }
    }
    return rule(whole, tool.isStrict(), true);
  }

  /** The arguments that the schema names, in its order. */
  static Map<String, Object> properties(ToolSpec tool) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (tool.parameters().get("properties") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> properties.put(String.valueOf(key), value));
    }
    return properties;
  }

  static boolean isRequired(ToolSpec tool, String key) {
    return tool.parameters().get("required") instanceof List<?> names && names.contains(key);
  }

  // A schema that is only advice may say what no grammar can.
  private Expr rule(Object schema, boolean isStrict, Object otherwise) {
    String name = "arguments-" + count++;
    try {
      builder.schema(name, Grammar.schemaText(schema));
    } catch (SchemaException e) {
      if (isStrict || e.isMalformed()) {
        throw e;
      }
      builder.schema(name, Grammar.schemaText(otherwise));
    }
    return Expr.rule(name);
  }
}
