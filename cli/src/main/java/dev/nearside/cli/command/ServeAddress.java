package dev.nearside.cli.command;

import dev.nearside.serve.ServerOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of {@code serve} about where it listens. */
final class ServeAddress {
  private static final int MAX_PORT = 65535;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The address to listen at; also NEARSIDE_HOST. Default: 127.0.0.1.")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 takes any that is free. Default: 11500.")
  @Nullable Integer port;

  void check(CommandLine command) {
    if (host != null && host.isBlank()) {
      throw new ParameterException(command, "--host needs an address, such as 127.0.0.1");
    }
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new ParameterException(command, "--port must be from 0 to 65535");
    }
  }

  // NEARSIDE_HOST may hold a port too, as OLLAMA_HOST does.
  ServerOptions options(Map<String, String> env) {
    HostPort given = HostPort.of(env.getOrDefault("NEARSIDE_HOST", ""));
    String chosenHost = host != null ? host : given.host();
    int chosenPort = port != null ? port : given.port();
    return ServerOptions.DEFAULTS.withAddress(chosenHost, chosenPort);
  }
}
