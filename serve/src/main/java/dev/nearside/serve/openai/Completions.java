package dev.nearside.serve.openai;

import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Timings;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Usage;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.EventStream;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.LazyStream;
import dev.nearside.serve.reply.Ids;
import dev.nearside.serve.reply.ReplyCollector;
import dev.nearside.serve.reply.Several;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}: continues texts, without roles or template. */
public record Completions(Services services) implements Endpoint {
  private static final String TYPE = "text_completion";

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/completions";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public String promptField() {
    return "prompt";
  }

  @Override
  public Doc doc() {
    return Doc.of("Continues a text.", CompletionFields.SHAPE).orEvents();
  }

  /** One continuation. */
  private record Text(ReplyCollector reply, Finished end) {
    /** Mean log-probability of its tokens: what "best" means. */
    double likelihood() {
      return reply.logprobs().stream().mapToDouble(TokenLogprob::logprob).average().orElse(0);
    }
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    CompletionFields asked = CompletionFields.read(exchange.fields());
    ChatHead head = new ChatHead(Ids.next("cmpl-"), services.clock().instant(), asked.model());
    try (ModelLease lease = services.models().acquire(asked.model(), asked.keepAlive())) {
      List<String> echoes = new ArrayList<>();
      for (Prompt prompt : asked.prompts()) {
        echoes.add(asked.hasEcho() ? echo(prompt, lease.tokens()) : "");
      }
      if (asked.isStream()) {
        stream(exchange, asked, head, echoes, lease);
      } else {
        whole(exchange, asked, head, echoes, lease);
      }
    }
  }

  private static String echo(Prompt prompt, TokenService tokens) {
    return switch (prompt) {
      case Prompt.Text(String text, boolean parseSpecial) -> text;
      case Prompt.Ids(int[] ids) -> tokens.detokenize(ids);
      case Prompt.Infill(String prefix, String suffix) -> prefix;
    };
  }

  private static void whole(
      Exchange exchange,
      CompletionFields asked,
      ChatHead head,
      List<String> echoes,
      ModelLease lease)
      throws Exception {
    int[] sources = asked.sources();
    List<Text> texts =
        Several.run(
            asked.countField(),
            sources.length,
            i -> {
              ReplyCollector reply = new ReplyCollector();
              return new Text(reply, complete(asked, i, lease, reply));
            });
    ObjectNode body = head.object(TYPE);
    ArrayNode choices = body.putArray("choices");
    for (int p = 0; p < asked.prompts().size(); p++) {
      List<Text> own = texts.subList(p * asked.bestOf(), (p + 1) * asked.bestOf());
      for (Text text : best(own, asked.count())) {
        ObjectNode choice = choices.addObject();
        choice.put("text", echoes.get(p) + text.reply().text());
        choice.put("index", choices.size() - 1);
        if (asked.logprobs() == null) {
          choice.putNull("logprobs");
        } else {
          choice.set("logprobs", new LegacyLogprobs().next(text.reply().logprobs()));
        }
        choice.put("finish_reason", Replies.reason(text.end().reason()));
      }
    }
    List<Finished> ends = texts.stream().map(Text::end).toList();
    body.set("usage", Replies.usage(firsts(ends, asked.bestOf()), ends));
    body.set("timings", Replies.timings(ends.getFirst()));
    exchange.json(200, body);
  }

  private static List<Text> best(List<Text> texts, int count) {
    return texts.size() == count
        ? texts
        : texts.stream()
            .sorted(Comparator.comparingDouble(Text::likelihood).reversed())
            .limit(count)
            .toList();
  }

  private static Finished complete(
      CompletionFields asked, int index, ModelLease lease, dev.nearside.chat.ChatSink sink)
      throws Exception {
    Prompt prompt = asked.prompts().get(asked.sources()[index]);
    if (asked.maxTokens() == 0) {
      return nothing(prompt, lease.tokens());
    }
    Generation generation = Several.nth(asked.generation(), index % asked.bestOf());
    return lease.completions().complete(new CompletionRequest(prompt, generation), sink);
  }

  // No token is asked for: OpenAI answers that with the prompt alone, or with nothing.
  private static Finished nothing(Prompt prompt, TokenService tokens) {
    int count =
        switch (prompt) {
          case Prompt.Text(String text, boolean special) ->
              tokens.tokenize(text, special, true).length;
          case Prompt.Ids(int[] ids) -> ids.length;
          case Prompt.Infill(String prefix, String suffix) ->
              tokens.tokenize(prefix, false, true).length
                  + tokens.tokenize(suffix, false, false).length;
        };
    return new Finished(FinishReason.LENGTH, new Usage(count, 0, 0), new Timings(0, 0, 0));
  }

  /** Every so many-th: one for each prompt, which counts once however often it is continued. */
  private static List<Finished> firsts(List<Finished> ends, int step) {
    List<Finished> out = new ArrayList<>();
    for (int i = 0; i < ends.size(); i += step) {
      out.add(ends.get(i));
    }
    return out;
  }

  private void stream(
      Exchange exchange,
      CompletionFields asked,
      ChatHead head,
      List<String> echoes,
      ModelLease lease)
      throws Exception {
    int[] sources = asked.sources();
    try (LazyStream stream = new LazyStream(exchange)) {
      List<Finished> ends;
      try {
        ends =
            Several.run(
                asked.countField(),
                sources.length,
                i -> {
                  CompletionChunks chunks =
                      new CompletionChunks(
                          stream, head, i, echoes.get(sources[i]), asked.hasUsage());
                  Finished end = complete(asked, i, lease, chunks);
                  chunks.finish(end);
                  return end;
                });
      } catch (Exception e) {
        stream.fail(e, dialect());
        return;
      }
      stream.close();
      try (EventStream events = stream.events()) {
        if (asked.hasUsage()) {
          ObjectNode last = head.object(TYPE);
          last.putArray("choices");
          last.set("usage", Replies.usage(firsts(ends, asked.bestOf()), ends));
          last.set("timings", Replies.timings(ends.getFirst()));
          events.send(last);
        }
        events.sendText("[DONE]");
      }
    }
  }
}
