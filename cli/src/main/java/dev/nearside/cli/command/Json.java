package dev.nearside.cli.command;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What commands print for machines. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  /** Prints maps, lists, strings and numbers. */
  static void print(CliContext context, Object value) {
    context.out().println(MAPPER.writeValueAsString(value));
  }
}
