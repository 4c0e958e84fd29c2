package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.SpecKv;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Keys and values in q8_0: bytes {@code (dim, 64)}, then f16 scales {@code (dim / 32, 64)}; and
 * bytes {@code (64, dim)}, then f16 scales {@code (64, dim / 32)}.
 */
final class CodesAttention extends AttentionRoutine {
  private static final int GROUP = SpecKv.GROUP;
  private static final int TILE = KvLayer.BLOCK;

  CodesAttention(Shape shape, int queries) {
    super(shape, queries);
  }

  // A group's codes are added up in the sums; what its scale makes of that, in the weights' place.
  @Override
  void dots() {
    clear(VECTORS);
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < VECTORS; v++) {
        a.vmovups(total(q, v), sum(q, v));
      }
    }
    a.lea(Gpr.RBX, Mem.at(Gpr.RSI, dim * TILE));
    a.mov(Gpr.RAX, dim / GROUP);
    Label group = a.here("group");
    clear(VECTORS);
    addDots(GROUP, 1);
    for (int v = 0; v < VECTORS; v++) {
      a.vcvtph2ps(shared(v), Mem.at(Gpr.RBX, 32 * v));
      for (int q = 0; q < queries; q++) {
        a.vfmadd213ps(sum(q, v), shared(v), total(q, v));
        a.vmovups(total(q, v), sum(q, v));
      }
    }
    a.add(Gpr.RBX, TILE * Short.BYTES);
    a.sub(Gpr.RAX, 1);
    a.jne(group);
  }

  private static Mem total(int query, int vector) {
    return Mem.at(Gpr.R11, query * WEIGHT_BYTES + 64 * vector);
  }

  @Override
  void load(Vec to, Gpr from, int at) {
    a.vpmovsxbd(to, Mem.at(from, at));
    a.vcvtdq2ps(to, to);
  }

  @Override
  void gather(int first, int vectors) {
    int scaleBytes = dim / GROUP * Short.BYTES;
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, FROM));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, TO));
    a.mov(Gpr.RAX, dim);
    a.imul(Gpr.RAX, Gpr.RBX);
    a.add(Gpr.RAX, Gpr.RDX);
    a.mov(Gpr.R8, scaleBytes);
    a.imul(Gpr.R8, Gpr.RBX);
    a.add(Gpr.R8, Gpr.RDX);
    a.add(Gpr.R8, dim * TILE);
    Vec weight = Vec.zmm(30);
    Label next = a.here("position");
    for (int v = 0; v < vectors; v++) {
      load(shared(v), Gpr.RAX, first + 16 * v);
    }
    for (int v = 0; v < vectors; v += 2) {
      a.vpbroadcastw(Vec.ymm(31), Mem.at(Gpr.R8, (first + 16 * v) / GROUP * Short.BYTES));
      a.vcvtph2ps(scale(v), Vec.ymm(31));
    }
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < vectors; v++) {
        if (v % 2 == 0) {
          Mem plain = Mem.at(Gpr.R11, Gpr.RBX, 4, q * WEIGHT_BYTES).broadcast();
          a.vmulps(weight, scale(v), plain);
        }
        a.vfmadd231ps(sum(q, v), shared(v), weight);
      }
    }
    a.add(Gpr.RAX, dim);
    a.add(Gpr.R8, scaleBytes);
    a.add(Gpr.RBX, 1);
    a.cmp(Gpr.RBX, Gpr.RCX);
    a.jl(next);
  }

  // Two vectors are a group.
  private static Vec scale(int vector) {
    return Vec.zmm(28 + vector / 2);
  }
}
