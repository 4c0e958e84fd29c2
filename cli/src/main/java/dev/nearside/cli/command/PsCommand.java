package dev.nearside.cli.command;

import dev.nearside.cli.remote.RemoteServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code nearside ps}: what the running server has loaded. */
@Command(
    name = "ps",
    description = "List the models that the running server has loaded.",
    mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final CliContext context;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  PsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (RemoteServer server = Servers.running(context)) {
      JsonNode models = server.get("/api/ps").path("models");
      if (isJson) {
        Json.print(context, models);
        return 0;
      }
      if (models.isEmpty()) {
        context.err().println("The server at " + server.uri() + " has no model loaded.");
        return 0;
      }
      Table table = new Table("NAME", "SIZE", "CONTEXT", "UNTIL");
      for (JsonNode model : models.values()) {
        table.row(
            model.path("name").asString("?"),
            Sizes.bytes(model.path("size").asLong(0)),
            String.valueOf(model.path("context_length").asInt(0)),
            until(model.path("expires_at").asString("")));
      }
      table.print(context.out());
    }
    return 0;
  }

  private static String until(String time) {
    try {
      Duration left = Duration.between(Instant.now(), OffsetDateTime.parse(time).toInstant());
      if (left.compareTo(FOR_EVER) > 0) {
        return "for ever";
      }
      return left.isNegative()
          ? "now"
          : left.toMinutes() > 0 ? left.toMinutes() + " min" : left.toSeconds() + " s";
    } catch (DateTimeParseException e) {
      return "for ever";
    }
  }
}
