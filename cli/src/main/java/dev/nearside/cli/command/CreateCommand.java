package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ModelParameters;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelDraft;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.ModelSettings;
import dev.nearside.hub.RefusedException;
import dev.nearside.hub.modelfile.Modelfile;
import dev.nearside.hub.modelfile.ModelfileParser;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nearside create}: makes a model as a Modelfile describes it. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Make a model of another one, with settings of its own, as a Modelfile describes it.",
      "",
      "Understood are FROM, PARAMETER, TEMPLATE (in Jinja), SYSTEM, MESSAGE, LICENSE and"
          + " ADAPTER (a LoRA adapter in GGUF). Weights are shared with the model it is made from."
    },
    footer = {
      "",
      "Examples:",
      "  nearside create pirate -f Modelfile",
      "  printf 'FROM smollm2:135m\\nSYSTEM Talk like a pirate.\\n' |",
      "      nearside create pirate -f -"
    })
final class CreateCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(paramLabel = "NAME", description = "The new model's name: name[:tag].")
  String name;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The Modelfile; - is standard input. Default: ./Modelfile.")
  String file = "Modelfile";

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  CreateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Modelfile described = ModelfileParser.parse(text());
    check(described);
    ModelHub hub = context.hub(isOffline);
    ModelDraft.Source.From source = source(hub, described.from());
    AdapterFiles adapters = new AdapterFiles(hub, folder());
    Path base = hub.resolve(source.model()).path();
    ModelDraft draft =
        new ModelDraft(source, adapters.taken(described.adapters(), base), described.settings());
    LocalModel model = hub.create(name, draft);
    context.err().println(model.name() + " is here: " + Sizes.bytes(model.bytes()));
    return 0;
  }

  private String text() throws IOException {
    byte[] bytes =
        file.equals("-") ? context.in().readAllBytes() : Files.readAllBytes(Path.of(file));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void check(Modelfile described) {
    ModelSettings settings = described.settings();
    for (String parameter : settings.parameters().keySet()) {
      boolean isKnown =
          ModelParameters.NAMES.contains(parameter)
              || ModelParameters.WITHOUT_EFFECT.contains(parameter);
      if (!isKnown) {
        throw new RefusedException(
            Fault.of("PARAMETER knows no such name")
                .got(parameter)
                .expected(ModelParameters.NAMES));
      }
    }
    ModelParameters.of(settings.parameters());
    if (settings.template() != null) {
      Template.parse(settings.template(), TemplateOptions.huggingFace());
    }
  }

  private @Nullable Path folder() {
    return file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
  }

  // A path is relative to the Modelfile, as Ollama has it.
  private ModelDraft.Source.From source(ModelHub hub, String from) throws InterruptedException {
    Path folder = folder();
    Path beside =
        folder == null ? null : Paths.existing(folder.resolve(from).toString()).orElse(null);
    String model = beside == null ? from : String.valueOf(beside);
    return new ModelDraft.Source.From(
        beside == null ? new Models(context, hub).ready(model).name() : model);
  }
}
