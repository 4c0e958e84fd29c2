package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;

/** Keys {@code (dim, 64)} and values {@code (64, dim)} in f16, converted where they are read. */
final class HalvesAttention extends AttentionRoutine {
  HalvesAttention(Shape shape, int queries) {
    super(shape, queries);
  }

  @Override
  void dots() {
    clear(VECTORS);
    a.mov(Gpr.RCX, dim);
    Label next = a.here("dimension");
    for (int v = 0; v < VECTORS; v++) {
      a.vcvtph2ps(shared(v), Mem.at(Gpr.RSI, 32 * v));
    }
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < VECTORS; v++) {
        a.vfmadd231ps(sum(q, v), shared(v), Mem.at(Gpr.R8, q * dim * Float.BYTES).broadcast());
      }
    }
    a.add(Gpr.RSI, KvLayer.BLOCK * Short.BYTES);
    a.add(Gpr.R8, Float.BYTES);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
  }

  @Override
  void gather(int first, int vectors) {
    int rowBytes = dim * Short.BYTES;
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, FROM));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, TO));
    a.mov(Gpr.RAX, rowBytes);
    a.imul(Gpr.RAX, Gpr.RBX);
    a.add(Gpr.RAX, Gpr.RDX);
    Label next = a.here("position");
    for (int v = 0; v < vectors; v++) {
      a.vcvtph2ps(shared(v), Mem.at(Gpr.RAX, (first + 16 * v) * Short.BYTES));
    }
    for (int q = 0; q < queries; q++) {
      Mem weight = Mem.at(Gpr.R11, Gpr.RBX, 4, q * WEIGHT_BYTES).broadcast();
      for (int v = 0; v < vectors; v++) {
        a.vfmadd231ps(sum(q, v), shared(v), weight);
      }
    }
    a.add(Gpr.RAX, rowBytes);
    a.add(Gpr.RBX, 1);
    a.cmp(Gpr.RBX, Gpr.RCX);
    a.jl(next);
  }
}
