package dev.nearside.model.kv;

import dev.nearside.tensor.TensorType;

/** How keys and values are kept. */
public enum KvType {
  /** 16 bits: what suits most uses. */
  F16(TensorType.F16),
  /** 8.5 bits, for heads of a multiple of 32 elements: half the memory, a little less exact. */
  Q8_0(TensorType.Q8_0);

  private final TensorType tensorType;

  KvType(TensorType tensorType) {
    this.tensorType = tensorType;
  }

  public TensorType tensorType() {
    return tensorType;
  }
}
