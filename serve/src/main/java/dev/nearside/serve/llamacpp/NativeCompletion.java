package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import dev.nearside.serve.openai.Replies;
import dev.nearside.serve.reply.ReplyCollector;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /completion} and {@code POST /infill}, in llama.cpp's own shape.
 *
 * @param path {@code /infill}, or one of two names of the other
 * @param isInfill whether a gap is filled
 */
public record NativeCompletion(Services services, String path, boolean isInfill)
    implements LlamaEndpoint {
  @Override
  public String promptField() {
    return isInfill ? "input_prefix" : "prompt";
  }

  @Override
  public Doc doc() {
    return isInfill
        ? Doc.of("Fills a gap in a text.", NativeFields.INFILL).orEvents()
        : Doc.of("Continues a text.", NativeFields.COMPLETION).orEvents();
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    NativeFields asked = isInfill ? NativeFields.readInfill(f) : NativeFields.readCompletion(f);
    try (ModelLease lease = model(f)) {
      String model = lease.facts().name();
      if (asked.isStream()) {
        stream(exchange, asked, lease);
        return;
      }
      ReplyCollector reply = new ReplyCollector();
      Finished end = lease.completions().complete(asked.request(), reply);
      ObjectNode body = ending(end, model).put("content", reply.text());
      if (!reply.logprobs().isEmpty()) {
        body.set("completion_probabilities", probabilities(reply.logprobs()));
      }
      exchange.json(200, body);
    }
  }

  private void stream(Exchange exchange, NativeFields asked, ModelLease lease) throws Exception {
    try (LazyStream stream = new LazyStream(exchange)) {
      try {
        Finished end = lease.completions().complete(asked.request(), new Pieces(stream));
        stream.close();
        stream.events().send(ending(end, lease.facts().name()).put("content", ""));
        stream.events().close();
      } catch (Exception e) {
        stream.fail(e, dialect());
      }
    }
  }

  /** Sends a reply piece by piece. */
  private static final class Pieces implements ChatSink {
    private final LazyStream stream;
    private final List<TokenLogprob> tokens = new ArrayList<>();

    Pieces(LazyStream stream) {
      this.stream = stream;
    }

    @Override
    public void accept(ChatEvent event) throws SinkClosedException {
      switch (event) {
        case ChatEvent.Text(String text) -> {
          ObjectNode piece = Json.object().put("index", 0).put("content", text).put("stop", false);
          if (!tokens.isEmpty()) {
            piece.set("completion_probabilities", probabilities(tokens));
            tokens.clear();
          }
          stream.events().send(piece);
        }
        case ChatEvent.Logprobs(List<TokenLogprob> more) -> tokens.addAll(more);
        case ChatEvent.Reasoning reasoning -> {} // a completion is plain text
        case ChatEvent.ToolCallStart start -> {}
        case ChatEvent.ToolCallArguments arguments -> {}
      }
    }
  }

  private static ObjectNode ending(Finished end, String model) {
    String type =
        end.reason() == FinishReason.LENGTH ? "limit" : end.stop() == null ? "eos" : "word";
    ObjectNode out =
        Json.object()
            .put("index", 0)
            .put("stop", true)
            .put("model", model)
            .put("tokens_predicted", end.usage().completionTokens())
            .put("tokens_evaluated", end.usage().promptTokens())
            .put("tokens_cached", end.usage().cachedTokens())
            .put("truncated", false)
            .put("stop_type", type)
            .put("stopping_word", end.stop() == null ? "" : end.stop());
    out.set("timings", Replies.timings(end));
    return out;
  }

  private static ArrayNode probabilities(List<TokenLogprob> tokens) {
    ArrayNode out = Replies.logprobs(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      TokenLogprob token = tokens.get(i);
      ObjectNode node = (ObjectNode) out.get(i);
      node.put("id", token.id());
      for (int j = 0; j < token.top().size(); j++) {
        ((ObjectNode) node.get("top_logprobs").get(j)).put("id", token.top().get(j).id());
      }
    }
    return out;
  }
}
