package dev.nearside.tensor.kernel.codes;

/**
 * One decoded block: integer codes and how they scale. Element {@code k} of group {@code g = k /
 * group} is the number {@code codes[k] * scale(g) + offset(g)}. Reused from block to block.
 */
public final class CodeBlock {
  /** The largest block: a super-block of the K formats. */
  public static final int MAX_ELEMS = 256;

  /** Integer codes, in -128..127. */
  public final byte[] codes = new byte[MAX_ELEMS];

  /** Integer factor of {@link #scale} per group, in -128..127. */
  public final byte[] scaleCodes = new byte[MAX_ELEMS / 16];

  /** Integer factor of {@link #offset} per group, in -128..127. */
  public final byte[] offsetCodes = new byte[MAX_ELEMS / 16];

  /** Scale of the whole block. */
  public float scale;

  /** Offset of the whole block; 0 in formats without offset. */
  public float offset;

  /** The scale of a group: at most 11 bits times 8 bits, so the product is exact. */
  public float scale(int group) {
    return scale * scaleCodes[group];
  }

  /** What is added to every element of a group; exact for the same reason. */
  public float offset(int group) {
    return offset * offsetCodes[group];
  }
}
