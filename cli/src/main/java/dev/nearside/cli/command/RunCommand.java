package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Message;
import dev.nearside.cli.chat.ChatLoop;
import dev.nearside.cli.chat.ChatSettings;
import dev.nearside.cli.chat.ReplyPrinter;
import dev.nearside.cli.chat.TimingsLine;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LocalEngine;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class RunCommand implements Callable<Integer> {
  private final CliContext context;

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

  @Option(names = "--verbose", description = "Timings after each reply.")
  boolean isVerbose;

  @Mixin EngineFlags engineFlags = new EngineFlags();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  RunCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ModelHub hub = context.hub(engineFlags.isOffline);
    Models models = new Models(context, hub);
    PromptWords given = PromptWords.of(words, hub, model != null);
    String asked = model != null ? model : given.model();
    String text = joined(prompt, given.prompt(), context.isTerminalIn() ? null : piped());
    if (text == null && !context.isTerminalIn()) {
      throw new ChatException(Fault.of("nothing to answer").hint("Give a prompt, or pipe one in."));
    }
    LocalModel local = models.ready(asked != null ? asked : models.defaultName());
    EngineOptions options =
        engineFlags
            .toOptions(context.env())
            .withSampling(Models.defaults(local))
            .withChatTemplate(chatTemplate == null ? null : Files.readString(chatTemplate));
    try (LocalEngine engine = LocalEngine.open(local.path(), options)) {
      if (text == null) {
        return new ChatLoop(engine, local.name(), settings()).run();
      }
      return once(engine, text);
    }
  }

  private int once(LocalEngine engine, String text) throws InterruptedException {
    PrintWriter out = new PrintWriter(context.out(), false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(context.err(), false, StandardCharsets.UTF_8);
    ReplyPrinter printer =
        new ReplyPrinter(out, context.isTerminalErr() ? err : null, context.isTerminalErr());
    Limits limits = new Limits(maxTokens, stop);
    Finished finished;
    if (engine.template().isPresent()) {
      List<Message> messages = new ArrayList<>();
      if (system != null) {
        messages.add(Message.system(system));
      }
      messages.add(Message.user(text));
      ChatRequest request =
          new ChatRequest(messages, sampling.toSampling(), limits, templateArgs());
      finished = engine.chat(request, printer);
    } else {
      context.err().println("(a base model: it continues the text)");
      CompletionRequest request = new CompletionRequest(text, false, sampling.toSampling(), limits);
      finished = engine.complete(request, printer);
    }
    printer.endThoughts();
    out.println();
    out.flush();
    if (isVerbose) {
      context.err().println(TimingsLine.of(finished));
    }
    return 0;
  }

  private ChatSettings settings() {
    return new ChatSettings(system, sampling.toSampling(), maxTokens, stop, think, isVerbose);
  }

  private Map<String, Object> templateArgs() {
    return think == null ? Map.of() : Map.of("enable_thinking", think);
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
