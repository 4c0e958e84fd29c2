package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.engine.ModelInspection;
import dev.nearside.format.TensorFile;
import dev.nearside.format.safetensors.SafetensorsFile;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.RefusedException;
import dev.nearside.hub.modelfile.Modelfile;
import dev.nearside.model.ModelFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nearside show}: what a model or a file is. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a model is, and whether it can be loaded.",
      "",
      "Everything that loading would refuse is refused here, with one line: header, numbers,"
          + " tensors, vocabulary. The weights themselves are not read."
    },
    footer = {
      "",
      "Examples:",
      "  nearside show smollm2:135m",
      "  nearside show model.gguf --tensors",
      "  nearside show path/to/folder --json --metadata",
      "  nearside show model.safetensors"
    })
final class ShowCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(
      paramLabel = "MODEL_OR_FILE",
      description = "A model that is here, a GGUF or safetensors file, or a folder.")
  String model;

  @Option(names = "--tensors", description = "Show every tensor.")
  boolean isTensors;

  @Option(names = "--metadata", description = "Show the metadata.")
  boolean isMetadata;

  @Option(names = "--template", description = "Show the chat template.")
  boolean isTemplate;

  @Option(
      names = "--modelfile",
      description = "Print the Modelfile that makes the same model; nothing else.")
  boolean isModelfile;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  ShowCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Optional<Path> file = Paths.existing(model).filter(Files::isRegularFile);
    LocalModel local = file.isPresent() ? null : context.hub(true).resolve(model);
    if (isModelfile) {
      return modelfile(local);
    }
    Path path = local == null ? file.orElseThrow() : local.path();
    if (isSafetensors(path)) {
      try (TensorFile tensors = SafetensorsFile.open(path)) {
        finish(tensors, ModelSummary.of(path, tensors));
      }
      return 0;
    }
    try (TensorFile tensors = ModelFiles.open(path)) {
      boolean isSectioned = isTensors || isMetadata || isTemplate;
      if (isSectioned && !isJson) {
        // Of use even where the model turns out to be broken.
        sections(tensors);
      }
      ModelInspection inspection = ModelInspection.of(path);
      if (isJson || !isSectioned) {
        Map<String, Object> summary = new LinkedHashMap<>(ModelSummary.of(path, local, inspection));
        summary.putAll(disk(path, local));
        finish(tensors, summary);
      }
    }
    return 0;
  }

  private Map<String, Object> disk(Path path, @Nullable LocalModel local) {
    long bytes = local == null ? path.toFile().length() : local.bytes();
    return DiskUse.of(path, bytes, new PackedFlag().folder(context).path()).toJson();
  }

  private int modelfile(@Nullable LocalModel local) {
    if (local == null) {
      throw new RefusedException(
          Fault.of("a file has no Modelfile").got(model).expected("the name of a model"));
    }
    context.out().print(Modelfile.of(local).text());
    context.out().flush();
    return 0;
  }

  private static boolean isSafetensors(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
  }

  private void finish(TensorFile tensors, Map<String, Object> summary) {
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>(summary);
      if (isMetadata) {
        json.put("metadata", FileParts.metadata(tensors.metadata()));
      }
      if (isTensors) {
        json.put("tensors", FileParts.tensors(tensors.tensors()));
      }
      if (isTemplate) {
        json.put("chat_template", template(tensors));
      }
      Json.print(context, json);
    } else {
      FileParts.print(context.out(), summary);
      sections(tensors);
    }
  }

  private void sections(TensorFile tensors) {
    if (isMetadata) {
      FileParts.print(context.out(), FileParts.metadata(tensors.metadata()));
    }
    if (isTensors) {
      FileParts.print(context.out(), tensors.tensors());
    }
    String template = isTemplate ? template(tensors) : null;
    if (template != null) {
      context.out().println(Printable.lines(template));
    }
    context.out().flush();
  }

  private static @Nullable String template(TensorFile tensors) {
    return tensors.metadata().findString("tokenizer.chat_template").orElse(null);
  }
}
