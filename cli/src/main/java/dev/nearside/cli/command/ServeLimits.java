package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.serve.ServeException;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.TlsOptions;
import dev.nearside.serve.keys.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of {@code serve} about who may use the server, how, and how much. */
final class ServeLimits {
  @Option(
      names = "--insecure",
      description = "Listen beyond this machine without asking for a key.")
  boolean isInsecure;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      converter = OriginConverter.class,
      description =
          "Let pages of this origin use the server, such as https://app.example; * stands for any"
              + " origin, host or port. May be repeated. Default: none.")
  List<String> cors = new ArrayList<>();

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description = "A further name that the server may be called by; may be repeated.")
  List<String> hosts = new ArrayList<>();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "PEM certificate, with its chain: serve HTTPS and HTTP/2.")
  @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key (PKCS #8).")
  @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "PEM certificates: clients must have one that these vouch for.")
  @Nullable Path clientAuthority;

  @Option(
      names = "--max-body",
      paramLabel = "MB",
      description = "The longest request body; default: ${DEFAULT-VALUE}.")
  int maxBodyMegabytes = 32;

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description = "Requests that are worked on at once; default: ${DEFAULT-VALUE}.")
  int maxRunning = ServerOptions.Limits.DEFAULTS.maxRunning();

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      description = "Requests that wait for that; more are sent away. Default: ${DEFAULT-VALUE}.")
  int maxWaiting = ServerOptions.Limits.DEFAULTS.maxWaiting();

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Open connections; default: what the system allows.")
  int maxConnections;

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "When a silent connection, or a reader that does not read, is dropped (2m).")
  Duration idle = Duration.ofMinutes(2);

  @Option(
      names = "--ping",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a stream of events may be silent before a ping tells that it lives (15s); 0 ="
              + " never.")
  Duration ping = Duration.ofMillis(ServerOptions.Limits.DEFAULTS.pingMillis());

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long running replies may go on after Ctrl-C or SIGTERM (5s).")
  Duration drain = Duration.ofSeconds(5);

  @Option(
      names = "--log-requests",
      description = "One line for each request on standard error; never what was asked.")
  boolean isLogging;

  void check(CommandLine command) {
    atLeast(1, maxBodyMegabytes, "--max-body", command);
    atLeast(1, maxRunning, "--max-running", command);
    atLeast(0, maxWaiting, "--max-waiting", command);
    atLeast(0, maxConnections, "--max-connections", command);
    positive(idle, "--idle", command);
    notNegative(drain, "--drain", command);
    notNegative(ping, "--ping", command);
    if (certificate == null ? key != null || clientAuthority != null : key == null) {
      throw new ParameterException(
          command, "--tls-cert and --tls-key belong together, and --tls-client-ca to them");
    }
  }

  private static void atLeast(int least, int value, String flag, CommandLine command) {
    if (value < least) {
      throw new ParameterException(command, flag + " must be at least " + least);
    }
  }

  private static void positive(Duration time, String flag, CommandLine command) {
    if (time.toMillis() < 1) {
      throw new ParameterException(command, flag + " must be longer than nothing");
    }
  }

  private static void notNegative(Duration time, String flag, CommandLine command) {
    if (time.isNegative()) {
      throw new ParameterException(command, flag + " can't be negative");
    }
  }

  /** The options with these flags; {@code options} has the address. */
  ServerOptions apply(ServerOptions options, CliContext context) {
    KeyRing keys = new KeyRing(context.keyFile());
    if (!isInsecure && !options.isLoopback() && keys.isEmpty()) {
      throw new ServeException(
          Fault.of("others could use the server without a key")
              .got(options.host())
              .hint("'nearside key add NAME' makes one; --insecure does without."),
          null);
    }
    ServerOptions.Limits defaults = ServerOptions.Limits.DEFAULTS;
    ServerOptions.Limits limits =
        new ServerOptions.Limits(
            (long) maxBodyMegabytes << 20,
            defaults.maxHeaderBytes(),
            idle.toMillis(),
            defaults.headMillis(),
            maxRunning,
            maxWaiting,
            maxConnections,
            ping.toMillis(),
            drain.toMillis());
    return options
        .withLimits(limits)
        .withAccess(
            new ServerOptions.Access(keys, new HashSet<>(hosts), cors).withInsecure(isInsecure))
        .withTls(
            certificate == null || key == null
                ? null
                : new TlsOptions(certificate, key, clientAuthority))
        .withRequestLog(isLogging ? context.err()::println : null);
  }
}
