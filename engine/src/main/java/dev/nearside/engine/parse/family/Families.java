package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.List;
import java.util.Optional;

/** All families; the first that knows a template has it. */
public final class Families {
  private static final List<Family> ALL =
      List.of(
          new Harmony(),
          new KimiK3(),
          new KimiK2(),
          new Cohere(),
          new MiniMaxM3(),
          new MiniMaxM2(),
          new DeepSeekDsml(),
          new DeepSeek(),
          new Gemma(),
          new Functionary(),
          new Mistral(),
          new SolarOpen(),
          new Hunyuan(),
          new Glm(),
          new SeedOss(),
          new QwenXml(),
          new MiniCpm5(),
          new Lfm2(),
          new GigaChat(),
          new Apertus(),
          new Apriel(),
          new Nemotron(),
          new Granite(),
          new Phi(),
          new FireFunction(),
          new Olmo(),
          new Hermes(),
          new Llama(),
          new Generic());

  private Families() {}

  /** How replies look by a chat template's source. */
  public static ReplyFormat of(String template) {
    for (Family family : ALL) {
      Optional<ReplyFormat> format = family.detect(template);
      if (format.isPresent()) {
        return format.get();
      }
    }
    throw new AssertionError("the last family takes any template");
  }
}
