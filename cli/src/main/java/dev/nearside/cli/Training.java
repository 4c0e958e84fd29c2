package dev.nearside.cli;

import java.util.List;

/**
 * The training run of the AOT caches: the launcher starts it once per profile after a build, and
 * what it loads and links is what a later start finds ready.
 *
 * <p>This list is the one place to extend. A command belongs here if users wait for its start; it
 * must need no network, leave nothing behind, and take seconds at most.
 */
final class Training {
  /** The commands of the profile {@code plain}: the JVM without the Vector API. */
  static final List<List<String>> PLAIN = List.of(List.of("--version"), List.of("--help"));

  /** The commands of the profile {@code vector}: those that compute. */
  static final List<List<String>> VECTOR = List.of(List.of("--version"), List.of("--help"));

  private Training() {}

  /**
   * Runs the commands of one profile in this JVM.
   *
   * @param args one word: {@code plain} or {@code vector}
   */
  public static void main(String[] args) {
    StandardError.restore();
    for (List<String> command : commands(args)) {
      int code = Main.run(command.toArray(String[]::new));
      if (code != 0) {
        System.err.println("training: " + command + " ended with " + code);
        System.exit(1);
      }
    }
  }

  /** The commands that belong to the profile named on the command line. */
  static List<List<String>> commands(String[] args) {
    return switch (args.length == 1 ? args[0] : "") {
      case "plain" -> PLAIN;
      case "vector" -> VECTOR;
      default -> throw new IllegalArgumentException("one profile, plain or vector, is needed");
    };
  }
}
