package dev.nearside.tokenizer.pre;

import static dev.nearside.tokenizer.VocabularyFlag.ADD_BOS;
import static dev.nearside.tokenizer.VocabularyFlag.ADD_SEP;
import static dev.nearside.tokenizer.pre.Patterns.isolate;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tokeniser families, the index. To add one: a line here, its expression in {@link
 * Patterns} if it is new, and a line in the test. Names and grouping follow llama.cpp
 * (src/llama-vocab.cpp); the expressions are those of the models' own {@code tokenizer.json}, which
 * differ from llama.cpp's for GPT-4o, Tekken and Kimi K2: std::regex has no classes for upper and
 * lower case.
 */
public final class PreFamilies {
  private static final String BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";
  private static final String DEFAULT_SYMBOLS = "[\\p{P}$+<=>^~|]+";
  private static final String CJK = "[一-龥぀-ゟ゠-ヿ]+";

  private static final List<PreFamily> ALL =
      List.of(
          PreFamily.of(
              () -> isolate(DEFAULT_SYMBOLS, Patterns.GPT2, "\\p{N}+", "[0-9][0-9][0-9]"),
              "default"),
          PreFamily.of(
              PreFamilies::gpt2,
              "gpt-2",
              "phi-2",
              "jina-es",
              "jina-de",
              "gigachat",
              "jina-v2-es",
              "jina-v2-de",
              "a.x-4.0",
              "mellum",
              "modern-bert",
              "mpt",
              "olmo",
              "jais",
              "trillion",
              "granite-docling",
              "exaone4"),
          PreFamily.of(PreFamilies::gpt2, "jina-v1-en", "jina-v2-code", "roberta-bpe")
              .withOn(ADD_SEP),
          PreFamily.of(
                  PreFamilies::llama3,
                  "llama3",
                  "llama-v3",
                  "llama-bpe",
                  "falcon3",
                  "falcon-h1",
                  "pixtral",
                  "midm-2.0",
                  "lfm2",
                  "jina-v5-nano")
              .withWholeWords()
              .withOn(ADD_BOS),
          PreFamily.of(PreFamilies::llama3, "dbrx", "smaug-bpe", "glm4", "chatglm-bpe"),
          PreFamily.of(
              () -> Splitter.chain(List.of(isolate(Patterns.LLAMA3), new SpaceRuns())), "jais-2"),
          PreFamily.of(() -> isolate("\\p{N}{1,3}", Patterns.ANY_DIGITS), "minicpm5")
              .withWholeWords(),
          PreFamily.of(
              PreFamilies::qwen2,
              "qwen2",
              "deepseek-r1-qwen",
              "kormo",
              "f2llmv2",
              "megrez",
              "stablelm2",
              "hunyuan",
              "solar-open",
              "grok-2",
              "bailingmoe",
              "bailingmoe2",
              "llada-moe"),
          PreFamily.of(PreFamilies::qwen35, "qwen35"),
          PreFamily.of(() -> isolate("[^\\n]+|\\n+", Patterns.QWEN2), "laguna"),
          PreFamily.of(() -> isolate(Patterns.SEED_CODER), "seed-coder"),
          PreFamily.of(ExaoneMoe::new, "exaone-moe"),
          PreFamily.of(
              PreFamilies::singleDigits,
              "starcoder",
              "refact",
              "command-r",
              "smollm",
              "codeshell",
              "exaone",
              "minerva-7b",
              "mellum2"),
          PreFamily.of(
              () -> isolate("[\\p{P}$+<=>^~|`]+", Patterns.GPT2, "[0-9][0-9][0-9]"), "falcon"),
          PreFamily.of(
              () ->
                  isolate(
                      "[\\r\\n]",
                      "\\s?[" + Patterns.DEEPSEEK_LETTERS + "]+",
                      "\\s?[!-/:-~！-／：-～‘-‟　-。]+",
                      "(?<!\\s)\\s++\\z",
                      "[一-龥ࠀ-一가-퟿]+",
                      "\\p{N}+"),
              "deepseek-llm"),
          PreFamily.of(
              () -> isolate("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}"),
              "deepseek-coder"),
          PreFamily.of(
              () -> isolate("\\p{N}{1,3}", CJK, Patterns.DEEPSEEK3),
              "deepseek-v3",
              "hunyuan-dense",
              "joyai-llm"),
          PreFamily.of(
                  () -> isolate("[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CJK, Patterns.YOUTU),
                  "youtu")
              .withWholeWords(),
          PreFamily.of(PreFamilies::gpt4o, "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"),
          PreFamily.of(PreFamilies::gpt4o, "granite-embed-multi-97m").withWholeWords(),
          PreFamily.of(
              () -> Splitter.chain(List.of(new DigitGroups(), isolate(Patterns.GPT4O))),
              "tiny_aya",
              "cohere2moe"),
          PreFamily.of(() -> isolate(Patterns.TEKKEN), "tekken").withWholeWords().withOn(ADD_BOS),
          PreFamily.of(() -> isolate(Patterns.KIMI_K2), "kimi-k2"),
          PreFamily.of(
              () ->
                  Splitter.chain(
                      List.of(
                          new DigitGroups(),
                          isolate(
                              "[一-鿿㐀-䶿豈-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+",
                              Patterns.DEEPSEEK3))),
              "afmoe"),
          PreFamily.of(
              () -> Splitter.chain(List.of(isolate("\\p{N}+"), new DigitGroups())), "superbpe"),
          PreFamily.of(() -> isolate(BLOOM), "poro-chat", "bloom", "gpt3-finnish"),
          PreFamily.of(() -> isolate(BLOOM, "\\p{N}"), "viking"),
          PreFamily.of(
                  () ->
                      isolate(
                          "<sentinel:[0-9]+>",
                          "IMGIMG[A-I]{1,4}Z",
                          "[\\t\\n]|    |  ",
                          "\\p{N}",
                          "[\\p{P}!-/:-@\\[-`{-~]",
                          Patterns.GPT2),
                  "chameleon")
              .withOn(ADD_BOS),
          PreFamily.of(PreFamilies::lines, "gemma4", "granite-embed-multi-311m")
              .withCharacters()
              .withOn(ADD_BOS),
          PreFamily.of(PreFamilies::lines, "sarvam-moe").withCharacters());

  private static final Map<String, PreFamily> BY_NAME = byName();

  private PreFamilies() {}

  /** The family of that name; no name means the default one. */
  public static PreFamily of(@Nullable String name) {
    PreFamily family = BY_NAME.get(name == null || name.isEmpty() ? "default" : name);
    if (family == null) {
      throw new TokenizerException(
          Fault.of("unknown pre-tokeniser")
              .got(String.valueOf(name))
              .where("tokenizer.ggml.pre")
              .hint("The model may be newer than this program"));
    }
    return family;
  }

  /** All families, for tests and listings. */
  public static List<PreFamily> all() {
    return ALL;
  }

  private static Map<String, PreFamily> byName() {
    Map<String, PreFamily> map = new HashMap<>();
    for (PreFamily family : ALL) {
      for (String name : family.names()) {
        if (map.put(name, family) != null) {
          throw new IllegalStateException("two families named " + name);
        }
      }
    }
    return map;
  }

  private static Splitter gpt2() {
    return isolate(Patterns.GPT2);
  }

  private static Splitter llama3() {
    return isolate(Patterns.LLAMA3);
  }

  private static Splitter qwen2() {
    return isolate(Patterns.QWEN2);
  }

  private static Splitter qwen35() {
    return isolate(Patterns.QWEN35);
  }

  private static Splitter singleDigits() {
    return isolate("\\p{N}", Patterns.GPT2);
  }

  private static Splitter gpt4o() {
    return isolate(Patterns.GPT4O);
  }

  private static Splitter lines() {
    return isolate("[^\\n]+|\\n+");
  }
}
