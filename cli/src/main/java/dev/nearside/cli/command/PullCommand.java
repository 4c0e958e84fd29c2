package dev.nearside.cli.command;

import dev.nearside.engine.ModelInspection;
import dev.nearside.hub.HubException;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.Origin;
import dev.nearside.hub.PullListener;
import dev.nearside.model.Originals;
import dev.nearside.model.PackedFiles;
import dev.nearside.model.PackedFolder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nearside pull}: brings models here. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Bring models to this machine.",
      "",
      "A model that is here already costs nothing. A pull that was stopped goes on where it was.",
      "",
      "With --original: bring back files that 'prune --original' dropped. They are made again of"
          + " the packed weights, or else fetched; what comes has the same digest."
    },
    footer = {
      "",
      "Examples:",
      "  nearside pull smollm2:135m qwen3:4b",
      "  nearside pull hf.co/user/repo:Q4_K_M",
      "  nearside pull --original smollm2:135m"
    })
final class PullCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = {
        "A name of the catalogue (see 'list --all'), hf.co/user/repo[:QUANT],"
            + " modelscope.cn/user/repo[:QUANT], or ollama/name[:tag]."
      })
  List<String> names;

  @Option(names = "--original", description = "Bring back files that were dropped.")
  boolean isOriginal;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  @Option(names = "--json", description = "Print each event as a line of JSON.")
  boolean isJson;

  PullCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ModelHub hub = context.hub(isOffline);
    int code = 0;
    for (String name : names) {
      try {
        pull(hub, name);
      } catch (HubException e) {
        // The other names are still wanted.
        context.err().println("error: " + e.fault().message());
        if (isJson) {
          Json.line(context, PullEvents.failed(name, e));
        }
        code = ErrorReport.FAILURE;
      }
    }
    return code;
  }

  private void pull(ModelHub hub, String name) throws InterruptedException {
    PullListener listener =
        isJson
            ? event -> Json.line(context, PullEvents.of(name, event))
            : new PullProgress(context);
    boolean wasHere = hub.find(name).isPresent();
    LocalModel model = hub.pull(name, listener);
    if (isOriginal && Originals.isDropped(model.path())) {
      wasHere = false;
      PackedFolder folder = new PackedFlag().folder(context);
      model = hub.restoreOriginal(name, new KeptOriginals(context, folder), listener);
      PackedFiles.removeStale(folder.path()); // of what was left
    }
    if (model.origin().kind() == Origin.Kind.LOCAL_PATH) {
      ModelInspection.of(model.path()); // nobody has looked into it: it may be no model at all
    }
    if (!isJson) {
      context
          .err()
          .println(
              model.name()
                  + (wasHere ? " is here already: " : " is here: ")
                  + Sizes.bytes(model.bytes()));
    } else if (wasHere) {
      Json.line(context, PullEvents.done(name, model));
    }
  }
}
