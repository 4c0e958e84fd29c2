package dev.nearside.cli.command;

import java.io.PrintStream;
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

  /** Prints maps, lists, strings and numbers on one line, at once. */
  static void line(CliContext context, Object value) {
    PrintStream out = context.out();
    out.println(JsonMapper.shared().writeValueAsString(value));
    out.flush();
  }
}
