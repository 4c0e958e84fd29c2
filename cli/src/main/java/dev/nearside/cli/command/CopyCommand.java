package dev.nearside.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nearside cp}: a second name for a model. */
@Command(
    name = "cp",
    mixinStandardHelpOptions = true,
    description = "Give a model a second name; it takes no space on the disk.",
    footer = {"", "Example:", "  nearside cp qwen3:4b mine"})
final class CopyCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(index = "0", paramLabel = "FROM", description = "A model in the store.")
  String from;

  @Parameters(index = "1", paramLabel = "TO", description = "Its further name: name[:tag].")
  String to;

  CopyCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.hub(true).copy(from, to);
    context.out().println(from + " is also " + to);
    return 0;
  }
}
