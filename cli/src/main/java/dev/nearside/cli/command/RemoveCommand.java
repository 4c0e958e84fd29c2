package dev.nearside.cli.command;

import dev.nearside.hub.HubException;
import dev.nearside.hub.ModelHub;
import dev.nearside.model.PackedFiles;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nearside rm}: removes models. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = {
      "Remove models from Nearside's store.",
      "",
      "Files that other models share stay. Models in other programs' caches are never touched."
    },
    footer = {"", "Example:", "  nearside rm qwen3:4b"})
final class RemoveCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names as 'list' shows them.")
  List<String> names;

  RemoveCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ModelHub hub = context.hub(true);
    int code = 0;
    for (String name : names) {
      try {
        hub.remove(name);
        context.out().println("removed " + name);
      } catch (HubException e) {
        // The other names are still to go.
        context.err().println("error: " + e.fault().message());
        code = ErrorReport.FAILURE;
      }
    }
    PackedFiles.removeStale(new PackedFlag().folder(context).path());
    return code;
  }
}
