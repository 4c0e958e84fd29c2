package dev.nearside.serve.anthropic;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import dev.nearside.chat.Urgency;
import dev.nearside.serve.fields.FormatFields;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Messages request.
 *
 * @param media what in it is no text
 */
record MessagesFields(String model, ChatRequest request, MediaPlaces media, boolean isStream) {
  /** What the prompt is made of: enough to count its tokens. */
  private static final Shape PROMPT =
      Shape.EMPTY
          .with(FieldType.TEXT, "model")
          .with(FieldType.ANY, "system")
          .with(FieldType.LIST, "messages", "tools")
          .with(FieldType.OBJECT, "tool_choice", "thinking", "output_config", "output_format");

  /** Fields that Anthropic documents and that change nothing here. */
  private static final Shape WITHOUT_EFFECT =
      Shape.EMPTY
          .with(FieldType.OBJECT, "metadata", "context_management", "cache_control")
          .with(FieldType.TEXT, "service_tier", "inference_geo", "speed");

  static final Shape SHAPE =
      PROMPT
          .with(FieldType.WHOLE, "max_tokens", "top_k")
          .with(FieldType.NUMBER, "temperature", "top_p")
          .with(FieldType.LIST, "stop_sequences")
          .with(FieldType.FLAG, "stream")
          .and(WITHOUT_EFFECT)
          .needs("model", "messages", "max_tokens");

  static final Shape COUNT_SHAPE = PROMPT.and(WITHOUT_EFFECT).needs("model", "messages");

  private static final Map<String, String> REFUSED =
      Map.of(
          "mcp_servers", "can't be used: this server calls no tools itself",
          "container", "can't be used: this server runs no code");

  static MessagesFields read(Fields f) {
    f.refuse(REFUSED);
    SHAPE.check(f);
    f.need("max_tokens");
    int maxTokens = f.whole("max_tokens", 1, Integer.MAX_VALUE).orElseThrow();
    var top = f.whole("top_k", 0, Integer.MAX_VALUE);
    Sampling sampling =
        Sampling.builder()
            .temperature(f.number("temperature", 0, 2))
            .topP(f.number("top_p", 0, 1))
            .topK(top.isPresent() ? Integer.valueOf(top.getAsInt()) : null)
            .build();
    MessagesFields prompt = prompt(f);
    Generation generation =
        new Generation(
            sampling,
            new Limits(maxTokens, f.texts("stop_sequences")),
            format(f),
            null,
            List.of(),
            Urgency.USUAL);
    return new MessagesFields(
        prompt.model,
        prompt.request.withGeneration(generation),
        prompt.media,
        f.flag("stream", false));
  }

  /** A request whose tokens are to be counted. */
  static MessagesFields readToCount(Fields f) {
    f.refuse(REFUSED);
    COUNT_SHAPE.check(f);
    return prompt(f);
  }

  private static MessagesFields prompt(Fields f) {
    MediaPlaces media = new MediaPlaces();
    ChatRequest request =
        new ChatRequest(
            MessageBlocks.read(f, media),
            AnthropicTools.read(f),
            Generation.DEFAULTS,
            templateArgs(f));
    return new MessagesFields(f.needText("model"), request, media, false);
  }

  // Who does not ask for thoughts gets none, as far as the model can be told.
  private static Map<String, Object> templateArgs(Fields f) {
    String type =
        f.object("thinking")
            .map(thinking -> {
              thinking.refuseOthers(Set.of("type", "budget_tokens", "display"));
              thinking.whole("budget_tokens", 1, Integer.MAX_VALUE);
              return thinking.needText("type");
            })
            .orElse("disabled");
    return switch (type) {
      case "enabled", "adaptive" -> Map.of("enable_thinking", true);
      case "disabled" -> Map.of("enable_thinking", false);
      default -> throw f.wrong("thinking", "must be of type enabled, disabled or adaptive");
    };
  }

  private static OutputFormat format(Fields f) {
    Optional<Fields> format =
        f.object("output_config")
            .flatMap(config -> config.object("format"))
            .or(() -> f.object("output_format"));
    return format.map(FormatFields::format).orElse(OutputFormat.TEXT);
  }
}
