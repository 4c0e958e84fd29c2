package dev.nearside.cli.command;

import dev.nearside.hub.PruneReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nearside prune}: frees space. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Remove what no model uses: stopped downloads and files of removed models.",
      "",
      "A pull that was stopped starts anew afterwards."
    },
    footer = {"", "Example:", "  nearside prune"})
final class PruneCommand implements Callable<Integer> {
  private final CliContext context;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  PruneCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PruneReport report = context.hub(true).prune();
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("freed_bytes", report.freedBytes());
      json.put("removed", report.removed());
      json.put("kept", report.kept());
      Json.print(context, json);
    } else {
      report.removed().forEach(file -> context.out().println("removed " + file));
      context.out().println("freed " + Sizes.bytes(report.freedBytes()));
      report.kept().forEach(why -> context.err().println("kept: " + why));
    }
    return 0;
  }
}
