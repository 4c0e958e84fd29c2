package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.cli.chat.ChatLoop;
import dev.nearside.cli.chat.ChatModel;
import dev.nearside.cli.chat.ChatSettings;
import dev.nearside.engine.AdapterFile;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.ServingOptions;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.Origin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside run}: answers a prompt, or chats. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Answer a prompt, or chat.",
      "",
      "Without a prompt it chats, when a person types; what is piped in is appended to the prompt."
          + " A model that is not here is pulled first. A base model completes the text."
    },
    footer = {
      "",
      "Examples:",
      "  nearside run \"Why is the sky blue?\"",
      "  nearside run qwen3:4b",
      "  cat notes.txt | nearside run -p \"Summarise:\""
    })
final class RunCommand implements Callable<Integer>, Computing {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "[MODEL] [PROMPT]",
      description = {
        "A model's name (see 'list --all') and what to ask it. A single text with blanks is a"
            + " prompt for the default model."
      })
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "The model.")
  @Nullable String model;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The prompt.")
  @Nullable String prompt;

  @Option(names = "--system", paramLabel = "TEXT", description = "The system prompt.")
  @Nullable String system;

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      description = "Tokens of the reply at most; default: to the end of the context.")
  int maxTokens;

  @Option(names = "--stop", paramLabel = "TEXT", description = "Ends the reply; may be repeated.")
  List<String> stop = new ArrayList<>();

  @Option(
      names = "--think",
      negatable = true,
      description = "Let a model that can think do so, or not.")
  @Nullable Boolean think;

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      description = "A Jinja template to use instead of the model's own.")
  @Nullable Path chatTemplate;

  @Option(
      names = "--lora",
      paramLabel = "FILE[=SCALE]",
      converter = LoraFlag.class,
      description = "A LoRA adapter in GGUF format, and how strongly it works (1); repeatable.")
  List<AdapterFile> lora = new ArrayList<>();

  @Option(
      names = "--draft",
      paramLabel = "MODEL",
      description =
          "A small model with the same vocabulary that guesses what the model says; it changes the"
              + " speed and no token. NEARSIDE_DRAFT names the one of the default model.")
  @Nullable String draft;

  @Option(
      names = "--keep-alive",
      paramLabel = "TIME",
      description =
          "How long a running server shall keep the model loaded afterwards, such as 5m; -1 = for"
              + " ever.")
  @Nullable String keepAlive;

  @Option(
      names = "--alone",
      description = "Load the model into this process, also when a server runs.")
  boolean isAlone;

  @Option(names = "--verbose", description = "Timings after each reply.")
  boolean isVerbose;

  @Mixin EngineFlags engineFlags = new EngineFlags();
  @Mixin PackedFlag packed = new PackedFlag();
  @Mixin FormatOptions format = new FormatOptions();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  RunCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkUsage();
    ModelHub hub = context.hub(engineFlags.isOffline);
    Models models = new Models(context, hub);
    PromptWords given = PromptWords.of(words, hub, model != null);
    String asked = model != null ? model : given.model();
    String text = joined(prompt, given.prompt(), context.isTerminalIn() ? null : piped());
    if (text == null && !context.isTerminalIn()) {
      throw new ChatException(Fault.of("nothing to answer").hint("Give a prompt, or pipe one in."));
    }
    LocalModel local = models.ready(asked != null ? asked : models.defaultName());
    if (text != null) {
      models.suggestFor(local, text);
    }
    try (ModelUse use = open(models, local)) {
      return text == null
          ? chat(use.model())
          : new OneShot(context, use.model(), settings()).answer(text);
    }
  }

  // A server that runs has the model loaded, or shares it with others; but it has engine settings
  // of its own, and takes names, no paths.
  private ModelUse open(Models models, LocalModel local) throws IOException, InterruptedException {
    if (!isAlone
        && chatTemplate == null
        && lora.isEmpty()
        && draft == null
        && local.origin().kind() != Origin.Kind.LOCAL_PATH
        && !engineFlags.isAnySet()) {
      Optional<ModelUse> remote = ModelUse.atServer(context.hubConfig().home(), local, keepAlive);
      if (remote.isPresent()) {
        return remote.get();
      }
    }
    EngineOptions options =
        HubModels.forModel(
            engineFlags
                .toOptions(context.env())
                .withServing(ServingOptions.DEFAULTS.withDraft(draftOf(models, local)))
                .withSampling(models.samplingOf(local))
                .withPackedFolder(packed.folder(context))
                .withAdapters(lora)
                .withChatTemplate(chatTemplate == null ? null : Files.readString(chatTemplate)),
            local);
    return ModelUse.here(local, options);
  }

  private @Nullable Path draftOf(Models models, LocalModel local) throws InterruptedException {
    String named = draft;
    if (named == null && local.name().equals(models.defaultName())) {
      named = context.env().get(DraftFlag.VARIABLE);
    }
    return named == null || named.isBlank() ? null : models.ready(named).path();
  }

  private void checkUsage() {
    engineFlags.check(spec.commandLine());
    packed.check(spec.commandLine());
    if (maxTokens < 0) {
      throw new ParameterException(spec.commandLine(), "--max-tokens can't be negative");
    }
    sampling.check(spec.commandLine());
  }

  private int chat(ChatModel chatModel) throws IOException {
    PrintWriter answers =
        context.isTerminalOut()
            ? null
            : new PrintWriter(context.out(), false, StandardCharsets.UTF_8);
    return new ChatLoop(chatModel, settings(), answers, context.canColour()).run();
  }

  private ChatSettings settings() throws IOException {
    return new ChatSettings(
        system, sampling.toSampling(), maxTokens, stop, format.toFormat(), think, isVerbose);
  }

  private @Nullable String piped() throws IOException {
    String all = new String(context.in().readAllBytes(), StandardCharsets.UTF_8);
    return all.isBlank() ? null : all.stripTrailing();
  }

  private static @Nullable String joined(@Nullable String... parts) {
    StringBuilder out = new StringBuilder();
    for (String part : parts) {
      if (part != null && !part.isEmpty()) {
        out.append(out.isEmpty() ? "" : "\n\n").append(part);
      }
    }
    return out.isEmpty() ? null : out.toString();
  }
}
