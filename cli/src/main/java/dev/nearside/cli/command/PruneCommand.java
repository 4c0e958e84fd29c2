package dev.nearside.cli.command;

import dev.nearside.hub.PruneReport;
import dev.nearside.model.PackedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nearside prune}: frees space. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Remove what no model uses: stopped downloads, files and packed weights of removed models.",
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
    List<String> removed = new ArrayList<>(report.removed());
    long freed = report.freedBytes();
    for (Map.Entry<Path, Long> packed :
        PackedFiles.removeStale(context.packedFolder()).entrySet()) {
      removed.add(packed.getKey().toString());
      freed += packed.getValue();
    }
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("freed_bytes", freed);
      json.put("removed", removed);
      json.put("kept", report.kept());
      Json.print(context, json);
    } else {
      removed.forEach(file -> context.out().println("removed " + file));
      context.out().println("freed " + Sizes.bytes(freed));
      report.kept().forEach(why -> context.err().println("kept: " + why));
    }
    return 0;
  }
}
