package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** Keys {@code (dim, 64)} and values {@code (64, dim)} in f32, or in f16 and converted. */
final class FloatsAttention extends AttentionRoutine {
  private final boolean isHalf;
  private final int bytes;

  FloatsAttention(Shape shape, int queries) {
    super(shape, queries);
    isHalf = shape.type() == TensorType.F16;
    bytes = isHalf ? Short.BYTES : Float.BYTES;
  }

  @Override
  void load(Vec to, Gpr from, int at) {
    Mem place = Mem.at(from, at * bytes);
    if (isHalf) {
      a.vcvtph2ps(to, place);
    } else {
      a.vmovups(to, place);
    }
  }

  @Override
  void dots() {
    clear(VECTORS);
    addDots(dim, bytes);
  }

  @Override
  void gather(int first, int vectors) {
    int rowBytes = dim * bytes;
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, FROM));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, TO));
    a.mov(Gpr.RAX, rowBytes);
    a.imul(Gpr.RAX, Gpr.RBX);
    a.add(Gpr.RAX, Gpr.RDX);
    Label next = a.here("position");
    for (int v = 0; v < vectors; v++) {
      load(shared(v), Gpr.RAX, first + 16 * v);
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
