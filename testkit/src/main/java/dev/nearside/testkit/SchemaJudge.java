package dev.nearside.testkit;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** Says whether a text satisfies a JSON Schema, by a validator that others wrote: networknt's. */
public final class SchemaJudge {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private SchemaJudge() {}

  /**
   * What is wrong with {@code text}; nothing where it is valid. Formats count.
   *
   * @throws IllegalArgumentException where the text is no JSON at all
   */
  public static List<String> faults(String schema, String text) {
    Schema judge = REGISTRY.getSchema(schema, InputFormat.JSON);
    return judge
        .validate(
            text,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(error -> error.toString())
        .toList();
  }
}
