package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Rounds a token's keys and values to f16, head by head, into its slot of a block: keys to every
 * 64th place of {@code (dim, 64)}, values to a row of {@code (64, dim)}.
 */
final class StoreRoutine {
  /** Arguments, 8 bytes each, and where they stand: the token's float32 keys and values. */
  static final int KEYS = 0;

  static final int VALUES = 8;

  /** Where they go in the first head of the block. */
  static final int KEYS_OUT = 16;

  static final int VALUES_OUT = 24;

  /** Heads. */
  static final int COUNT = 32;

  private static final int KEY_BYTES = KvLayer.BLOCK * Short.BYTES;
  private static final int NEAREST_EVEN = 0;

  private StoreRoutine() {}

  /** Whether there is a routine for heads of this width. */
  static boolean has(int dim) {
    return dim % 16 == 0;
  }

  static Code assemble(int dim) {
    Assembler a = new Assembler();
    Vec x = Vec.zmm(0);
    Vec half = Vec.ymm(1);
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, KEYS));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, VALUES));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, KEYS_OUT));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, VALUES_OUT));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    Label head = a.here("head");
    a.mov(Gpr.RAX, dim / 16);
    Label next = a.here("dimensions");
    a.vmovups(x, Mem.at(Gpr.RDX));
    a.vcvtps2ph(Mem.at(Gpr.R9), x, NEAREST_EVEN);
    a.vmovups(x, Mem.at(Gpr.RSI));
    a.vcvtps2ph(half, x, NEAREST_EVEN);
    for (int i = 0; i < 16; i++) {
      if (i == 8) {
        a.vextractf128(Vec.xmm(1), half, 1);
      }
      a.vpextrw(Mem.at(Gpr.R8, i * KEY_BYTES), Vec.xmm(1), i % 8);
    }
    a.add(Gpr.RSI, 16 * Float.BYTES);
    a.add(Gpr.RDX, 16 * Float.BYTES);
    a.add(Gpr.R8, 16 * KEY_BYTES);
    a.add(Gpr.R9, 16 * Short.BYTES);
    a.sub(Gpr.RAX, 1);
    a.jne(next);
    // The keys of the next head begin where those of this one end; its values, a tile further.
    a.add(Gpr.R9, (KvLayer.BLOCK - 1) * dim * Short.BYTES);
    a.sub(Gpr.RCX, 1);
    a.jne(head);
    frame.end(a);
    return a.finish();
  }
}
