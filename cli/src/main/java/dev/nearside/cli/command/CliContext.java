package dev.nearside.cli.command;

import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import dev.nearside.serve.keys.KeyFile;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What commands take from outside.
 *
 * @param env environment variables
 * @param in standard input
 * @param out standard output: answers, and nothing else
 * @param err standard error: progress, remarks, errors
 * @param isTerminalIn whether a person types
 * @param isTerminalOut whether a person reads the answer
 * @param isTerminalErr whether a person watches the progress
 */
public record CliContext(
    Map<String, String> env,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean isTerminalIn,
    boolean isTerminalOut,
    boolean isTerminalErr) {

  /** The context of this process. */
  public static CliContext ofProcess() {
    return new CliContext(
        System.getenv(),
        System.in,
        utf8(System.out),
        utf8(System.err),
        Tty.isTerminalIn(),
        Tty.isTerminalOut(),
        Tty.isTerminalErr());
  }

  /** A context that reads nothing and keeps its things in another home folder. */
  public CliContext isolated(Path home) {
    Map<String, String> changed = new HashMap<>(env);
    changed.put("NEARSIDE_HOME", home.toString());
    return new CliContext(
        Map.copyOf(changed), InputStream.nullInputStream(), out, err, false, false, false);
  }

  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** Whether what a person reads on standard error may be coloured (see no-color.org). */
  boolean canColourErr() {
    return isTerminalErr && canColour();
  }

  /** Whether terminals may be coloured at all. */
  boolean canColour() {
    return env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "").equals("dumb");
  }

  /**
   * The hub.
   *
   * @param isOffline whether the network is forbidden, besides what the environment says
   */
  public ModelHub hub(boolean isOffline) {
    HubConfig config = hubConfig();
    return ModelHub.open(isOffline ? config.withOffline(true) : config);
  }

  /** Home folder, endpoints and caches, as the environment says. */
  public HubConfig hubConfig() {
    // As the shell and the launcher have it: Java asks the system's list of users.
    String home = env.getOrDefault("HOME", "");
    boolean isUsable = !home.isEmpty() && Path.of(home).isAbsolute();
    return HubConfig.fromEnvironment(
        env, Path.of(isUsable ? home : System.getProperty("user.home")));
  }

  /** The keys that a server asks for. */
  KeyFile keyFile() {
    return new KeyFile(hubConfig().home().resolve("keys.json"));
  }
}
