package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * IQ4_NL: an f16 scale and 32 nibbles that choose from a table of signed bytes. Source:
 * block_iq4_nl and kvalues_iq4nl in ggml-common.h of llama.cpp.
 */
record Iq4NlCodes() implements CodeReader {
  static final byte[] VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  static final byte[] PLACES = Bytes.places(VALUES);

  @Override
  public TensorType type() {
    return TensorType.IQ4_NL;
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
    return Optional.of(VALUES.clone());
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
    into.scaleCodes[0] = 1;
    into.offset = 0;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    readTable(source, at + 2, into.codes, 0);
  }

  static void readTable(MemorySegment source, long at, byte[] codes, int first) {
    Bytes.nibbles(source, at, codes, first);
    for (int k = first; k < first + 32; k++) {
      codes[k] = VALUES[codes[k]];
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    Bytes.putF16(into, at, from.scale);
    Bytes.putPlaces(from.codes, 0, PLACES, into, at + 2);
  }
}
