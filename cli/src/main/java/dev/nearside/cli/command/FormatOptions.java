package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The flags that say what a reply must look like. */
final class FormatOptions {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  @Option(
      names = "--format",
      paramLabel = "SCHEMA",
      description =
          "The reply is JSON: 'json' for any object, or a JSON Schema, as a file or as it is.")
  @Nullable String format;

  @Option(
      names = "--grammar",
      paramLabel = "FILE",
      description = "The reply follows a grammar in llama.cpp's GBNF.")
  @Nullable Path grammar;

  /**
   * @throws ChatException when both are given, or a file is none
   */
  OutputFormat toFormat() throws IOException {
    if (format != null && grammar != null) {
      throw new ChatException(Fault.of("a reply can't follow both --format and --grammar"));
    }
    if (grammar != null) {
      return new OutputFormat.Gbnf(Files.readString(grammar));
    }
    if (format == null) {
      return OutputFormat.TEXT;
    }
    return format.equals("json") ? new OutputFormat.JsonObject() : schema(format);
  }

  private static OutputFormat schema(String given) throws IOException {
    String text = given.strip().startsWith("{") ? given : Files.readString(path(given));
    try {
      JsonNode node = JSON.readTree(text);
      if (node.isObject() || node.isBoolean()) {
        return new OutputFormat.JsonSchema(JSON.treeToValue(node, Object.class));
      }
    } catch (JacksonException e) {
      throw new ChatException(
          Fault.of("not a JSON Schema").got(e.getOriginalMessage()).where("--format"), e);
    }
    throw new ChatException(Fault.of("not a JSON Schema").expected("an object").where("--format"));
  }

  private static Path path(String given) {
    try {
      return Path.of(given);
    } catch (InvalidPathException e) {
      throw new ChatException(
          Fault.of("no such file").got(given).where("--format").hint("Or 'json' for any object."),
          e);
    }
  }
}
