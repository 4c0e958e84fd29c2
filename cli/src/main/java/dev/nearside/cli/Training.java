package dev.nearside.cli;

import dev.nearside.cli.command.CliContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The training run of the AOT caches: the launcher starts it once per profile after a build, and
 * what it loads and links is what a later start finds ready.
 *
 * <p>This list is the one place to extend. A command belongs here if users wait for its start; it
 * must need no network, leave nothing behind, and take seconds at most.
 */
final class Training {
  /** The commands of the profile {@code plain}: verbs that don't compute. */
  static final List<List<String>> PLAIN = List.of(List.of("--version"), List.of("--help"));

  /** The commands of the profile {@code vector}: those that compute, with the Vector API. */
  static final List<List<String>> VECTOR = List.of(List.of("--version"), model(), answer("vector"));

  /**
   * The commands of the profile {@code machine}: those that compute, with machine code. Two
   * answers, for the second one finds the packed weights that the first one left.
   */
  static final List<List<String>> MACHINE =
      List.of(List.of("--version"), model(), answer("machine"), answer("machine"));

  private Training() {}

  // Random weights in the default model's shape: what the first answer loads, links and profiles is
  // then ready.
  private static List<String> model() {
    return List.of("synth", "smollm2-135m", "Q4_1", "{folder}/model.gguf");
  }

  private static List<String> answer(String kernels) {
    return List.of(
        "run",
        "--offline",
        "--kernels",
        kernels,
        "--model",
        "{folder}/model.gguf",
        "--prompt",
        "Why is the sky blue? Answer in one sentence.",
        "--max-tokens",
        "48");
  }

  /**
   * Runs the commands of one profile in this JVM.
   *
   * @param args one word: {@code plain}, {@code vector} or {@code machine}
   */
  public static void main(String[] args) throws IOException {
    StandardError.restore();
    Path folder = Files.createTempDirectory("nearside-training");
    try {
      for (List<String> command : commands(args)) {
        int code = run(command, folder);
        if (code != 0) {
          System.err.println("training: " + command + " ended with " + code);
          System.exit(1);
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Runs one command; files go into {@code folder}. */
  static int run(List<String> command, Path folder) {
    CliContext context = CliContext.ofProcess().isolated(folder.resolve("home"));
    // Through Main, so that it is in the cache too.
    return Main.run(
        context,
        command.stream()
            .map(word -> word.replace("{folder}", folder.toString()))
            .toArray(String[]::new));
  }

  /** The commands that belong to the profile named on the command line. */
  static List<List<String>> commands(String[] args) {
    return switch (args.length == 1 ? args[0] : "") {
      case "plain" -> PLAIN;
      case "vector" -> VECTOR;
      case "machine" -> MACHINE;
      default ->
          throw new IllegalArgumentException("a profile is needed: plain, vector or machine");
    };
  }
}
