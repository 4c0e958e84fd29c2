package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * IQ4_XS: 256 nibbles into the table of IQ4_NL, in groups of 32 with 6-bit scales.
 *
 * <pre>
 *   d f16 | high scale bits u16 | low scale nibbles 4 B | nibbles 128 B
 *   scale of group g: nibble g of the low ones + 16 * bits 2g, 2g+1 of the high ones - 32
 * </pre>
 *
 * Source: block_iq4_xs in ggml-common.h of llama.cpp.
 */
record Iq4XsCodes() implements CodeReader {
  @Override
  public TensorType type() {
    return TensorType.IQ4_XS;
  }

  @Override
  public int group() {
    return 32;
  }

  @Override
  public boolean hasOffset() {
    return false;
  }

  @Override
  public Optional<byte[]> values() {
    return Optional.of(Iq4NlCodes.VALUES.clone());
  }

  @Override
  public int minCode() {
    return -127;
  }

  @Override
  public int maxCode() {
    return 113;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    into.scale = Bytes.f16(source, at);
    into.offset = 0;
    int high = Bytes.u16(source, at + 2);
    for (int g = 0; g < 8; g++) {
      int low = (Bytes.u8(source, at + 4 + g / 2) >>> (4 * (g % 2))) & 15;
      into.scaleCodes[g] = (byte) (low + 16 * ((high >>> (2 * g)) & 3) - 32);
    }
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    for (int g = 0; g < 8; g++) {
      Iq4NlCodes.readTable(source, at + 8 + 16L * g, into.codes, 32 * g);
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    Bytes.putF16(into, at, from.scale);
    into.asSlice(at + 2, 6).fill((byte) 0);
    for (int g = 0; g < 8; g++) {
      int scale = from.scaleCodes[g] + 32;
      Bytes.or8(into, at + 2 + g / 4, (scale >> 4) << (2 * (g % 4)));
      Bytes.or8(into, at + 4 + g / 2, (scale & 15) << (4 * (g % 2)));
      Bytes.putPlaces(from.codes, 32 * g, Iq4NlCodes.PLACES, into, at + 8 + 16L * g);
    }
  }
}
