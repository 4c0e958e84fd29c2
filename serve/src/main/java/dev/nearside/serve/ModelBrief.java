package dev.nearside.serve;

/**
 * What a list of models says about one.
 *
 * @param format {@code gguf} or {@code safetensors}
 * @param family the architecture
 * @param parameterSize as people write it, such as {@code 1.7B}
 * @param quantization as files are named, such as {@code Q4_K_M}
 * @param purpose the first of its capabilities: {@code completion}, {@code embedding} or {@code
 *     rerank}
 */
public record ModelBrief(
    String format, String family, String parameterSize, String quantization, String purpose) {}
