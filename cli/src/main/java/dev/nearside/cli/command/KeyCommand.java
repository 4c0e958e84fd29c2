package dev.nearside.cli.command;

import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.KeyFile;
import dev.nearside.serve.keys.KeySecret;
import dev.nearside.serve.keys.Scope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside key}: the keys that a server asks for. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = {
      "Make, list and remove the API keys that 'serve' asks for.",
      "",
      "A server that runs takes notice at once. As soon as there is a key, every request needs one;"
          + " a server that starts without any is open to this machine. Removing the last key of"
          + " a running server lets nobody in until it is started again."
    },
    footer = {
      "",
      "Examples:",
      "  nearside key add laptop",
      "  nearside key add guest --scope chat --per-minute 20 --tokens-per-day 100000",
      "  nearside key rm guest"
    })
final class KeyCommand implements Callable<Integer> {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CliContext context;

  @Spec CommandSpec spec;

  KeyCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: add, list or rm");
  }

  private KeyFile file() {
    return context.keyFile();
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Make a key and print it: it is shown this once.")
  int add(
      @Parameters(paramLabel = "NAME", description = "What to call it.") String name,
      @Option(
              names = "--scope",
              split = ",",
              paramLabel = "SCOPE",
              description =
                  "What it is for: read, chat, embeddings, admin (pull, create, delete; and all"
                      + " else). Default: read,chat,embeddings.")
          List<String> scopes,
      @Option(
              names = "--per-minute",
              paramLabel = "N",
              defaultValue = "0",
              description = "Requests a minute at most; default: as many as one likes.")
          int perMinute,
      @Option(
              names = "--tokens-per-day",
              paramLabel = "N",
              defaultValue = "0",
              description = "Tokens a day (UTC) at most, prompts and replies together.")
          long tokensPerDay) {
    require(!name.isBlank(), "the key needs a name");
    require(perMinute >= 0, "--per-minute can't be negative");
    require(tokensPerDay >= 0, "--tokens-per-day can't be negative");
    boolean isFirst = file().list().isEmpty();
    KeySecret secret = KeySecret.create(RANDOM);
    ApiKey.Quota quota = new ApiKey.Quota(perMinute, tokensPerDay);
    file()
        .add(
            secret.entry(
                name,
                scopes(scopes),
                quota,
                RANDOM,
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS)));
    context.out().println(secret.text());
    context.err().println("(keep it: it can't be shown again)");
    if (isFirst) {
      context.err().println("(from now on a server of this home asks everybody for a key)");
    }
    return 0;
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.subcommands().get("add"), otherwise);
    }
  }

  private Set<Scope> scopes(List<String> words) {
    if (words == null || words.isEmpty()) {
      return EnumSet.of(Scope.READ, Scope.CHAT, Scope.EMBEDDINGS);
    }
    Set<Scope> out = EnumSet.noneOf(Scope.class);
    for (String word : words) {
      out.add(
          switch (word.toLowerCase(Locale.ROOT)) {
            case "read" -> Scope.READ;
            case "chat" -> Scope.CHAT;
            case "embeddings" -> Scope.EMBEDDINGS;
            case "admin" -> Scope.ADMIN;
            default ->
                throw new ParameterException(
                    spec.subcommands().get("add"),
                    "--scope is one of read, chat, embeddings and admin, not '" + word + "'");
          });
    }
    return out;
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys.")
  int list(@Option(names = "--json", description = "Print JSON.") boolean isJson) {
    List<ApiKey> keys = file().list();
    if (isJson) {
      List<Map<String, Object>> out = new ArrayList<>();
      keys.forEach(key -> out.add(json(key)));
      Json.print(context, out);
      return 0;
    }
    if (keys.isEmpty()) {
      context.err().println("there are no keys; 'nearside key add NAME' makes one");
      return 0;
    }
    String row = "%-20s %-14s %-26s %10s %12s %s%n";
    context.out().printf(row, "NAME", "ID", "SCOPES", "PER MINUTE", "PER DAY", "MADE");
    for (ApiKey key : keys) {
      context
          .out()
          .printf(
              row,
              Printable.of(key.name()),
              key.id(),
              words(key),
              limit(key.quota().requestsPerMinute()),
              limit(key.quota().tokensPerDay()),
              key.created());
    }
    return 0;
  }

  private static Map<String, Object> json(ApiKey key) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", key.name());
    json.put("id", key.id());
    json.put("scopes", key.scopes().stream().sorted().map(Scope::wireName).toList());
    json.put("requests_per_minute", key.quota().requestsPerMinute());
    json.put("tokens_per_day", key.quota().tokensPerDay());
    json.put("created", key.created().toString());
    return json;
  }

  private static String words(ApiKey key) {
    return key.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(","));
  }

  private static String limit(long value) {
    return value == 0 ? "-" : String.valueOf(value);
  }

  @Command(name = "rm", mixinStandardHelpOptions = true, description = "Remove a key.")
  int remove(@Parameters(paramLabel = "NAME", description = "The key's name or id.") String name) {
    file().remove(name);
    context.err().println(name + " is removed");
    if (file().list().isEmpty()) {
      context
          .err()
          .println("it was the last key: a server that runs lets nobody in until it starts again");
    }
    return 0;
  }
}
