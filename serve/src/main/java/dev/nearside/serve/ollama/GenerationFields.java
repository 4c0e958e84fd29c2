package dev.nearside.serve.ollama;

import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelParameters;
import dev.nearside.chat.OutputFormat;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What {@code /api/chat} and {@code /api/generate} say alike about the reply. */
final class GenerationFields {
  private static final int MAX_TOP_LOGPROBS = 20;

  private GenerationFields() {}

  static Generation read(Fields f) {
    ModelParameters options =
        ModelParameters.of(f.object("options").map(o -> Json.map(o.object())).orElse(Map.of()));
    Limits limits = options.limits();
    return Generation.of(options.sampling(), limits)
        .withFormat(format(f))
        .withLogprobs(logprobs(f));
  }

  private static OutputFormat format(Fields f) {
    JsonNode node = f.find("format");
    if (node == null || (node.isString() && node.stringValue().isEmpty())) {
      return OutputFormat.TEXT;
    }
    if (node.isObject()) {
      return new OutputFormat.JsonSchema(Objects.requireNonNull(Json.plain(node)));
    }
    if (node.isString() && node.stringValue().equals("json")) {
      return new OutputFormat.JsonObject();
    }
    throw f.wrong("format", "must be \"json\" or a JSON Schema");
  }

  private static @Nullable Integer logprobs(Fields f) {
    OptionalInt top = f.whole("top_logprobs", 0, MAX_TOP_LOGPROBS);
    return f.flag("logprobs", false) ? Integer.valueOf(top.orElse(0)) : null;
  }

  /**
   * What {@code think} means to a chat template.
   *
   * @throws HttpProblem when it is wanted of a model that can't
   */
  static Map<String, Object> templateArgs(Fields f, ModelFacts facts) {
    JsonNode node = f.find("think");
    Map<String, Object> args = new LinkedHashMap<>();
    if (node == null) {
      return args;
    }
    boolean isOn;
    if (node.isBoolean()) {
      isOn = node.booleanValue();
    } else if (node.isString() && isLevel(node.stringValue())) {
      isOn = true;
      args.put("reasoning_effort", node.stringValue());
    } else {
      throw f.wrong("think", "must be true, false, \"low\", \"medium\", \"high\" or \"max\"");
    }
    if (isOn && !facts.can(ModelFacts.Ability.THINKING)) {
      throw HttpProblem.invalid("think", "\"" + facts.name() + "\" does not support thinking");
    }
    args.put("enable_thinking", isOn);
    return args;
  }

  private static boolean isLevel(String text) {
    return switch (text) {
      case "low", "medium", "high", "max" -> true;
      default -> false;
    };
  }
}
