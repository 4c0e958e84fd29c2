package dev.nearside.cli.remote;

import dev.nearside.chat.Generation;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Generation} as the fields of the server's requests. */
final class SamplingJson {
  private SamplingJson() {}

  static void write(Generation g, ObjectNode to) {
    Sampling s = g.sampling();
    number(to, "temperature", s.temperature());
    number(to, "top_p", s.topP());
    number(to, "min_p", s.minP());
    number(to, "typical_p", s.typicalP());
    if (s.topK() != null) {
      to.put("top_k", s.topK());
    }
    if (s.seed() != null) {
      to.put("seed", s.seed());
    }
    if (s.order() != null) {
      ArrayNode samplers = to.putArray("samplers");
      s.order().forEach(samplers::add);
    }
    bias(s.logitBias(), to);
    penalties(s.penalties(), to);
    others(s, to);
    if (g.limits().maxTokens() > 0) {
      to.put("max_tokens", g.limits().maxTokens());
    }
    if (!g.limits().stop().isEmpty()) {
      ArrayNode stop = to.putArray("stop");
      g.limits().stop().forEach(stop::add);
    }
    format(g.format(), to);
    if (!g.adapters().isEmpty()) {
      ArrayNode lora = to.putArray("lora");
      g.adapters().forEach(a -> lora.addObject().put("id", a.name()).put("scale", a.scale()));
    }
  }

  private static void bias(@Nullable Map<Integer, Float> bias, ObjectNode to) {
    if (bias != null) {
      ObjectNode node = to.putObject("logit_bias");
      bias.forEach((id, value) -> node.put(String.valueOf(id), value));
    }
  }

  private static void penalties(Sampling.@Nullable Penalties p, ObjectNode to) {
    if (p == null) {
      return;
    }
    number(to, "repeat_penalty", p.repeat());
    number(to, "presence_penalty", p.presence());
    number(to, "frequency_penalty", p.frequency());
    if (p.lastTokens() != null) {
      to.put("repeat_last_n", p.lastTokens());
    }
  }

  private static void others(Sampling s, ObjectNode to) {
    if (s.xtc() != null) {
      to.put("xtc_probability", s.xtc().probability()).put("xtc_threshold", s.xtc().threshold());
    }
    if (s.dry() != null) {
      to.put("dry_multiplier", s.dry().multiplier())
          .put("dry_base", s.dry().base())
          .put("dry_allowed_length", s.dry().allowedLength())
          .put("dry_penalty_last_n", s.dry().lastTokens());
      ArrayNode breakers = to.putArray("dry_sequence_breakers");
      s.dry().breakers().forEach(breakers::add);
    }
    if (s.mirostat() != null) {
      to.put("mirostat", 2)
          .put("mirostat_tau", s.mirostat().tau())
          .put("mirostat_eta", s.mirostat().eta());
    }
  }

  private static void format(OutputFormat format, ObjectNode to) {
    switch (format) {
      case OutputFormat.Text t -> {
        // nothing to ask for
      }
      case OutputFormat.JsonObject o -> to.putObject("response_format").put("type", "json_object");
      case OutputFormat.JsonSchema(Object schema) ->
          to.set("json_schema", RemoteServer.JSON.valueToTree(schema));
      case OutputFormat.Gbnf(String grammar) -> to.put("grammar", grammar);
      case OutputFormat.Regex(String pattern) -> to.put("guided_regex", pattern);
      case OutputFormat.Choice choice -> {
        ArrayNode texts = to.putArray("guided_choice");
        choice.texts().forEach(texts::add);
      }
    }
  }

  private static void number(ObjectNode to, String name, @Nullable Float value) {
    if (value != null) {
      to.put(name, value);
    }
  }
}
