package dev.nearside.model.synth;

import static dev.nearside.model.synth.SynthShape.Size.dense;

import dev.nearside.base.Fault;
import dev.nearside.format.MetaValue;
import dev.nearside.model.ModelException;
import java.util.List;
import java.util.Locale;

/**
 * The index of shapes. The numbers are those of the models' published config.json files; the {@code
 * tiny-} shapes are for tests.
 */
public final class SynthShapes {
  private static final int QWEN_VOCAB = 151936;
  private static final int LLAMA3_VOCAB = 128256;
  private static final int GEMMA_VOCAB = 262144;
  private static final int TINY_VOCAB = 640;

  private static final List<SynthShape> ALL =
      List.of(
          llama("smollm2-135m", dense(30, 576, 1536, 9, 3, 64), 49152, 8192).rope(1e5),
          llama("smollm2-360m", dense(32, 960, 2560, 15, 5, 64), 49152, 8192).rope(1e5),
          llama("smollm2-1.7b", dense(24, 2048, 8192, 32, 32, 64), 49152, 8192).rope(13e4),
          llama("llama-3.2-1b", dense(16, 2048, 8192, 32, 8, 64), LLAMA3_VOCAB, 131072).rope(5e5),
          llama("llama-3.2-3b", dense(28, 3072, 8192, 24, 8, 128), LLAMA3_VOCAB, 131072).rope(5e5),
          llama("llama-3.1-8b", dense(32, 4096, 14336, 32, 8, 128), LLAMA3_VOCAB, 131072)
              .rope(5e5)
              .untied(),
          llama("llama-2-7b", dense(32, 4096, 11008, 32, 32, 128), 32000, 4096).untied(),
          llama("mistral-7b", dense(32, 4096, 14336, 32, 8, 128), 32768, 32768).rope(1e6).untied(),
          llama("r1-distill-llama-8b", dense(32, 4096, 14336, 32, 8, 128), LLAMA3_VOCAB, 131072)
              .rope(5e5)
              .untied(),
          qwen2("qwen2.5-0.5b", dense(24, 896, 4864, 14, 2, 64), QWEN_VOCAB),
          qwen2("qwen2.5-1.5b", dense(28, 1536, 8960, 12, 2, 128), QWEN_VOCAB),
          qwen2("qwen2.5-3b", dense(36, 2048, 11008, 16, 2, 128), QWEN_VOCAB),
          qwen2("qwen2.5-7b", dense(28, 3584, 18944, 28, 4, 128), 152064).untied(),
          qwen2("r1-distill-qwen-1.5b", dense(28, 1536, 8960, 12, 2, 128), QWEN_VOCAB)
              .rope(1e4)
              .untied(),
          qwen2("r1-distill-qwen-7b", dense(28, 3584, 18944, 28, 4, 128), 152064)
              .rope(1e4)
              .untied(),
          qwen3("qwen3-0.6b", dense(28, 1024, 3072, 16, 8, 128)),
          qwen3("qwen3-1.7b", dense(28, 2048, 6144, 16, 8, 128)),
          qwen3("qwen3-4b", dense(36, 2560, 9728, 32, 8, 128)),
          qwen3("qwen3-8b", dense(36, 4096, 12288, 32, 8, 128)).untied(),
          qwen3Moe("qwen3-30b-a3b", dense(48, 2048, 768, 32, 4, 128).experts(128, 8), QWEN_VOCAB),
          gemma3("gemma3-270m", dense(18, 640, 2048, 4, 1, 256), GEMMA_VOCAB, 512),
          gemma3("gemma3-1b", dense(26, 1152, 6912, 4, 1, 256), GEMMA_VOCAB, 512),
          gemma3("gemma3-4b", dense(34, 2560, 10240, 8, 4, 256), 262208, 1024),
          gemma2("gemma2-2b", dense(26, 2304, 9216, 8, 4, 256), 256000),
          SynthShape.of(
                  "smollm3-3b", "smollm3", dense(36, 2048, 11008, 16, 4, 128), LLAMA3_VOCAB, 65536)
              .rope(5e6)
              .eps(1e-6),
          phi3("phi-4-mini", dense(32, 3072, 8192, 24, 8, 128), 200064, 96),
          granite("granite-3.3-2b", dense(40, 2048, 8192, 32, 8, 64), 49159),
          miniCpm("minicpm-2b", dense(40, 2304, 5760, 36, 36, 64), 122753, 4096),
          miniCpm("minicpm4-0.5b", dense(24, 1024, 4096, 16, 2, 64), 73448, 32768),
          gptOss("gpt-oss-20b", dense(24, 2880, 2880, 64, 8, 64).experts(32, 4), 201088),
          llama("tiny-llama", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB, 512),
          qwen2("tiny-qwen2", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB),
          qwen3("tiny-qwen3", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB),
          qwen3Moe("tiny-qwen3moe", dense(2, 256, 256, 4, 2, 64).experts(4, 2), TINY_VOCAB),
          gemma2("tiny-gemma2", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB),
          gemma3("tiny-gemma3", dense(6, 256, 512, 4, 1, 64), TINY_VOCAB, 64),
          SynthShape.of("tiny-smollm3", "smollm3", dense(4, 256, 512, 4, 2, 64), TINY_VOCAB, 512),
          phi3("tiny-phi", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB, 48),
          granite("tiny-granite", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB),
          miniCpm("tiny-minicpm", dense(2, 256, 512, 4, 2, 64), TINY_VOCAB, 512),
          gptOss("tiny-gpt-oss", dense(2, 256, 256, 4, 2, 64).experts(4, 2), TINY_VOCAB));

  private SynthShapes() {}

  /** Every shape. */
  public static List<SynthShape> all() {
    return ALL;
  }

  /**
   * The shape with this name, in any case.
   *
   * @throws ModelException when there is none
   */
  public static SynthShape of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return ALL.stream()
        .filter(shape -> shape.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new ModelException(
                Fault.of("no such shape")
                    .got("'" + name + "'")
                    .expected("one of " + ALL.stream().map(SynthShape::name).toList())));
  }

  private static SynthShape llama(String name, SynthShape.Size size, int vocab, int context) {
    return SynthShape.of(name, "llama", size, vocab, context);
  }

  private static SynthShape qwen2(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "qwen2", size, vocab, 32768).rope(1e6).eps(1e-6);
  }

  private static SynthShape qwen3(String name, SynthShape.Size size) {
    return qwen3(name, size, QWEN_VOCAB);
  }

  private static SynthShape qwen3(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "qwen3", size, vocab, 40960).rope(1e6).eps(1e-6);
  }

  private static SynthShape qwen3Moe(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "qwen3moe", size, vocab, 40960)
        .rope(1e6)
        .eps(1e-6)
        .untied()
        .whole("expert_feed_forward_length", size.ffn());
  }

  private static SynthShape gemma2(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "gemma2", size, vocab, 8192)
        .eps(1e-6)
        .whole("attention.sliding_window", 4096)
        .real("attn_logit_softcapping", 50)
        .real("final_logit_softcapping", 30);
  }

  private static SynthShape gemma3(String name, SynthShape.Size size, int vocab, int window) {
    return SynthShape.of(name, "gemma3", size, vocab, 32768)
        .rope(1e6)
        .eps(1e-6)
        .whole("attention.sliding_window", window);
  }

  private static SynthShape phi3(String name, SynthShape.Size size, int vocab, int ropeDims) {
    return SynthShape.of(name, "phi3", size, vocab, 131072)
        .whole("rope.dimension_count", ropeDims)
        .whole("rope.scaling.original_context_length", 4096);
  }

  private static SynthShape granite(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "granite", size, vocab, 131072)
        .rope(1e7)
        .real("embedding_scale", 12)
        .real("residual_scale", 0.22)
        .real("attention.scale", 0.015625)
        .real("logit_scale", 8);
  }

  private static SynthShape miniCpm(String name, SynthShape.Size size, int vocab, int context) {
    return SynthShape.of(name, "minicpm", size, vocab, context)
        .real("embedding_scale", 12)
        .real("residual_scale", 1.4 / StrictMath.sqrt(size.layers()))
        .real("logit_scale", size.hidden() / 256.0);
  }

  private static SynthShape gptOss(String name, SynthShape.Size size, int vocab) {
    return SynthShape.of(name, "gpt-oss", size, vocab, 131072)
        .rope(150000)
        .untied()
        .whole("expert_feed_forward_length", size.ffn())
        .whole("attention.sliding_window", 128)
        .key("rope.scaling.type", MetaValue.of("yarn"))
        .real("rope.scaling.factor", 32)
        .whole("rope.scaling.original_context_length", 4096);
  }
}
