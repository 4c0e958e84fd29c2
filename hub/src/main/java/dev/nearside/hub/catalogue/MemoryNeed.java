package dev.nearside.hub.catalogue;

/**
 * How much memory a model needs.
 *
 * @param kvBytesPerToken KV cache of one token in f16: 2 · layers · kvHeads · headDim · 2 bytes. An
 *     upper bound where some layers only look at a window
 */
public record MemoryNeed(long kvBytesPerToken) {

  /** Working buffers and the JVM itself. */
  private static final long OVERHEAD_BYTES = 256L << 20;

  /** Weights + KV cache of {@code tokens} + overhead. */
  public long bytesAt(int tokens, long fileBytes) {
    return fileBytes + kvBytesPerToken * tokens + OVERHEAD_BYTES;
  }
}
