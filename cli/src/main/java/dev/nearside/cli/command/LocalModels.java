package dev.nearside.cli.command;

import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.PullListener;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the model of a command line argument lies. */
final class LocalModels {
  private LocalModels() {}

  /**
   * The file or folder at {@code argument}, or the model of that name, which is pulled when it is
   * not there.
   */
  static Path resolve(CliContext context, String argument, boolean isOffline)
      throws InterruptedException {
    if (isPath(argument)) {
      return Path.of(argument);
    }
    ModelHub hub = context.hub(isOffline);
    LocalModel local =
        hub.looksLikeModelName(argument) && hub.find(argument).isPresent()
            ? hub.resolve(argument)
            : hub.pull(argument, PullListener.silent());
    return local.path();
  }

  private static boolean isPath(String argument) {
    try {
      return Files.exists(Path.of(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
