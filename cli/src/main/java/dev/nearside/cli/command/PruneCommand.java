package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.PruneReport;
import dev.nearside.model.PackedFiles;
import dev.nearside.model.PackedFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nearside prune}: frees space. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Remove what no model uses: stopped downloads, files and packed weights of removed models.",
      "",
      "A pull that was stopped starts anew afterwards. Packed weights beyond --packed-disk go, too.",
      "",
      "With --original: drop the files of these models, and nothing else. Their packed weights stay"
          + " and are enough to run them on this machine; 'pull --original' makes the very same file"
          + " again."
    },
    footer = {
      "",
      "Examples:",
      "  nearside prune",
      "  nearside prune --packed-disk 0",
      "  nearside prune --original smollm2:135m"
    })
final class PruneCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Option(
      names = "--original",
      arity = "1..*",
      paramLabel = "MODEL",
      description = "Drop the original files of models whose packed weights do.")
  List<String> originals = new ArrayList<>();

  @Mixin PackedFlag packed = new PackedFlag();

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  PruneCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    packed.check(spec.commandLine());
    PackedFolder folder = packed.folder(context);
    if (!originals.isEmpty()) {
      return drop(folder);
    }
    PruneReport report = context.hub(true).prune();
    List<String> removed = new ArrayList<>(report.removed());
    long freed = report.freedBytes();
    Map<Path, Long> packedFiles = new LinkedHashMap<>(PackedFiles.removeStale(folder.path()));
    packedFiles.putAll(PackedFiles.trim(folder));
    for (Map.Entry<Path, Long> file : packedFiles.entrySet()) {
      removed.add(file.getKey().toString());
      freed += file.getValue();
    }
    print(report, removed, freed);
    return 0;
  }

  private int drop(PackedFolder folder) throws InterruptedException {
    ModelHub hub = context.hub(true);
    List<String> dropped = new ArrayList<>();
    long freed = 0;
    int code = 0;
    for (String name : originals) {
      try {
        long bytes = hub.dropOriginal(name, new KeptOriginals(context, folder));
        if (bytes > 0) {
          dropped.add("original of " + name);
        } else {
          context.err().println(name + " has no original any more");
        }
        freed += bytes;
      } catch (NearsideException e) {
        // The other names are still to go.
        context.err().println("error: " + e.fault().message());
        code = ErrorReport.FAILURE;
      }
    }
    PackedFiles.removeStale(folder.path());
    print(new PruneReport(freed, dropped, List.of()), dropped, freed);
    return code;
  }

  private void print(PruneReport report, List<String> removed, long freed) {
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
  }
}
