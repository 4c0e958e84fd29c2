package dev.nearside.cli.command;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Message;
import dev.nearside.engine.LocalEngine;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.PullListener;
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
@Command(name = "run", description = "Answer a prompt, or chat.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(arity = "0..*", paramLabel = "[MODEL] [PROMPT]")
  List<String> words = new ArrayList<>();

  @Option(names = {"-m", "--model"}, paramLabel = "MODEL")
  @Nullable String model;

  @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT")
  @Nullable String prompt;

  @Option(names = {"-n", "--max-tokens"}, paramLabel = "N")
  int maxTokens;

  @Option(names = "--system", paramLabel = "TEXT")
  @Nullable String system;

  @Mixin EngineFlags engineFlags = new EngineFlags();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  RunCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ModelHub hub = context.hub(engineFlags.isOffline);
    String question = prompt != null ? prompt : String.join(" ", words);
    String name = model != null ? model : "smollm2:135m";
    LocalModel local =
        hub.looksLikeModelName(name) && hub.find(name).isPresent()
            ? hub.resolve(name)
            : hub.pull(name, PullListener.silent());
    try (LocalEngine engine =
        LocalEngine.open(local.path(), engineFlags.toOptions(context.env()))) {
      Limits limits = new Limits(maxTokens, List.of());
      ChatSink sink = this::print;
      if (engine.template().isPresent()) {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
          messages.add(Message.system(system));
        }
        messages.add(Message.user(question));
        engine.chat(new ChatRequest(messages, sampling.toSampling(), limits, Map.of()), sink);
      } else {
        engine.complete(
            new CompletionRequest(question, false, sampling.toSampling(), limits), sink);
      }
      context.out().println();
    }
    return 0;
  }

  private void print(ChatEvent event) {
    switch (event) {
      case ChatEvent.Text text -> context.out().print(text.text());
      case ChatEvent.Reasoning thought -> context.err().print(thought.text());
    }
    context.out().flush();
  }
}
