package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Q8_0: an f16 scale and 32 signed bytes. Source: block_q8_0 in ggml-common.h of llama.cpp. */
record Q8Codes() implements CodeReader {
  @Override
  public TensorType type() {
    return TensorType.Q8_0;
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
  public int minCode() {
    return -128;
  }

  @Override
  public int maxCode() {
    return 127;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    into.scale = Bytes.f16(source, at);
    into.scaleCodes[0] = 1;
    into.offset = 0;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at + 2, into.codes, 0, 32);
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    Bytes.putF16(into, at, from.scale);
    MemorySegment.copy(from.codes, 0, into, ValueLayout.JAVA_BYTE, at + 2, 32);
  }
}
