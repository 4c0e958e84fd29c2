package dev.nearside.cli.remote;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Message;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.Timings;
import dev.nearside.chat.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model of a running server, as a backend: what {@code run} asks goes to the server's streams of
 * OpenAI's API.
 *
 * @param keepAlive how long the model shall stay loaded, as Ollama writes it; null = as the server
 *     is set
 */
public record RemoteBackend(RemoteServer server, String model, @Nullable String keepAlive)
    implements ChatBackend, CompletionBackend {

  @Override
  public Finished chat(ChatRequest request, ChatSink sink) throws InterruptedException {
    ObjectNode body = body();
    ArrayNode messages = body.putArray("messages");
    for (Message m : request.messages()) {
      messages.addObject().put("role", m.role().wireName()).put("content", m.content());
    }
    if (!request.templateArgs().isEmpty()) {
      body.set("chat_template_kwargs", RemoteServer.JSON.valueToTree(request.templateArgs()));
    }
    SamplingJson.write(request.generation(), body);
    return reply("/v1/chat/completions", body, sink);
  }

  @Override
  public Finished complete(CompletionRequest request, ChatSink sink) throws InterruptedException {
    ObjectNode body = body();
    switch (request.prompt()) {
      case Prompt.Text(String text, boolean parseSpecial) -> body.put("prompt", text);
      case Prompt.Ids(int[] ids) -> body.set("prompt", RemoteServer.JSON.valueToTree(ids));
      case Prompt.Infill(String prefix, String suffix) ->
          body.put("prompt", prefix).put("suffix", suffix);
    }
    SamplingJson.write(request.generation(), body);
    if (request.generation().limits().maxTokens() == 0) {
      body.put("max_tokens", -1); // who says nothing there gets 16 tokens, as with OpenAI
    }
    return reply("/v1/completions", body, sink);
  }

  private ObjectNode body() {
    ObjectNode body = RemoteServer.JSON.createObjectNode().put("model", model).put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    if (keepAlive != null) {
      body.put("keep_alive", keepAlive);
    }
    return body;
  }

  private Finished reply(String path, JsonNode body, ChatSink sink) throws InterruptedException {
    Stream stream = new Stream();
    try (InputStream in = server.stream(path, body);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.equals("data: [DONE]")) {
          stream.isWhole = true;
        } else if (line.startsWith("data: ")) {
          stream.accept(RemoteServer.JSON.readTree(line.substring(6)), sink);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } catch (SinkClosedException e) {
      return stream.cancelled();
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw brokenOff(String.valueOf(e.getMessage()), e);
    }
    if (!stream.isWhole) {
      throw brokenOff("a stream without its end", null);
    }
    return stream.finished();
  }

  private BackendException brokenOff(String got, @Nullable Throwable cause) {
    return new BackendException(
        Fault.of("the server's reply broke off").got(got).where(server.uri()), cause);
  }

  /** One reply's chunks. */
  private static final class Stream {
    private FinishReason reason = FinishReason.STOP;
    private boolean isWhole;
    private Usage usage = new Usage(0, 0, 0);
    private Timings timings = new Timings(0, 0, 0);

    void accept(JsonNode chunk, ChatSink sink) throws SinkClosedException {
      if (chunk.has("error")) {
        throw new ChatException(Fault.of(chunk.path("error").path("message").asString("failed")));
      }
      for (JsonNode choice : chunk.path("choices").values()) {
        JsonNode delta = choice.path("delta");
        send(delta.path("reasoning_content").asString(""), true, sink);
        send(delta.path("content").asString(choice.path("text").asString("")), false, sink);
        if (choice.path("finish_reason").isString()) {
          reason = reason(choice.path("finish_reason").stringValue());
          isWhole = true;
        }
      }
      if (chunk.path("usage").isObject()) {
        JsonNode u = chunk.path("usage");
        usage =
            new Usage(
                u.path("prompt_tokens").asInt(0),
                u.path("prompt_tokens_details").path("cached_tokens").asInt(0),
                u.path("completion_tokens").asInt(0));
      }
      if (chunk.path("timings").isObject()) {
        JsonNode t = chunk.path("timings");
        timings = new Timings(nanos(t, "prompt_ms"), nanos(t, "ttft_ms"), nanos(t, "predicted_ms"));
      }
    }

    private static void send(String text, boolean isThought, ChatSink sink)
        throws SinkClosedException {
      if (!text.isEmpty()) {
        sink.accept(isThought ? new ChatEvent.Reasoning(text) : new ChatEvent.Text(text));
      }
    }

    private static long nanos(JsonNode timings, String key) {
      return (long) (timings.path(key).asDouble(0) * 1e6);
    }

    private static FinishReason reason(String name) {
      return switch (name) {
        case "length" -> FinishReason.LENGTH;
        case "tool_calls" -> FinishReason.TOOL_CALLS;
        default -> FinishReason.STOP;
      };
    }

    /** What there is of a reply that nobody wants to hear more of. */
    Finished cancelled() {
      return new Finished(FinishReason.CANCELLED, usage, timings);
    }

    Finished finished() {
      return new Finished(reason, usage, timings);
    }
  }
}
