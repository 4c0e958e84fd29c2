package dev.nearside.cli.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The command line in this JVM, over byte streams and a home folder of its own.
 *
 * @param changes to its environment
 */
record Cli(Path home, Map<String, String> changes) {
  Cli(Path home) {
    this(home, Map.of());
  }

  /** What a command left behind. */
  record Result(int code, String out, String err) {}

  Result run(String... args) {
    return runWith("", args);
  }

  Result runWith(String input, String... args) {
    return runWith(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
  }

  Result runWith(InputStream in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CliContext context =
        new CliContext(
            environment(),
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    int code = RootCommand.commandLine(context).execute(args);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> environment() {
    Map<String, String> env = new HashMap<>();
    env.put("NEARSIDE_HOME", home.resolve("nearside").toString());
    env.put("NEARSIDE_OFFLINE", "1");
    env.put("NEARSIDE_KERNELS", "scalar");
    env.put("HF_HOME", home.resolve("hf").toString());
    env.put("OLLAMA_MODELS", home.resolve("ollama").toString());
    env.put("HF_TOKEN", "hf_secret");
    env.putAll(changes);
    return env;
  }
}
