package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Turns the first elements of each of a token's heads: {@code a' = fma(a, cos, -(b sin))}, {@code
 * b' = fma(a, sin, b cos)}.
 */
final class RopeRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int HEADS = 0;

  /** The cosine and sine of each pair at the token's position. */
  static final int TABLE = 8;

  static final int COUNT = 16;

  private static final int STEP = 64;

  private final Assembler a = new Assembler();
  private final Vec first = Vec.zmm(0);
  private final Vec second = Vec.zmm(1);
  private final Vec cos = Vec.zmm(2);
  private final Vec sin = Vec.zmm(3);
  private final Vec t = Vec.zmm(4);
  private final Vec u = Vec.zmm(5);
  private final Vec sign = Vec.zmm(6);
  private final Vec even = Vec.zmm(7);
  private final Vec odd = Vec.zmm(8);

  private RopeRoutine() {}

  /** Whether there is a routine for such heads. */
  static boolean has(RopeShape shape) {
    int step = shape.style() == RopeStyle.HALVES ? 32 : 16;
    return shape.ropeDim() > 0 && shape.ropeDim() % step == 0;
  }

  static Code assemble(RopeShape shape) {
    return new RopeRoutine().code(shape);
  }

  private Code code(RopeShape shape) {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, HEADS));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, TABLE));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    switch (shape.style()) {
      case ADJACENT -> a.vmovdqu32(sign, a.constant("signs", alternating()));
      case HALVES -> {
        a.vpbroadcastd(sign, a.constant("sign", 0x8000_0000));
        a.vmovdqu32(even, a.constant("even", everySecond(0)));
        a.vmovdqu32(odd, a.constant("odd", everySecond(1)));
      }
    }
    Label head = a.here("head");
    switch (shape.style()) {
      case ADJACENT -> adjacent(shape.ropeDim());
      case HALVES -> halves(shape.ropeDim() / 2);
    }
    a.add(Gpr.RSI, shape.headDim() * Float.BYTES);
    a.sub(Gpr.RCX, 1);
    a.jne(head);
    frame.end(a);
    return a.finish();
  }

  private static int[] alternating() {
    int[] out = new int[16];
    for (int i = 0; i < 16; i += 2) {
      out[i] = 0x8000_0000;
    }
    return out;
  }

  private static int[] everySecond(int start) {
    int[] out = new int[16];
    for (int i = 0; i < 16; i++) {
      out[i] = start + 2 * i;
    }
    return out;
  }

  // Pairs and their (cos, sin) alternate in the same way.
  private void adjacent(int dims) {
    for (int at = 0; at < dims * Float.BYTES; at += STEP) {
      a.vmovups(t, Mem.at(Gpr.RSI, at));
      a.vmovups(cos, Mem.at(Gpr.R8, at));
      a.vshufps(first, t, t, 0xA0);
      a.vshufps(second, t, t, 0xF5);
      a.vshufps(sin, cos, cos, 0xB1);
      a.vmulps(second, second, sin);
      a.vpxord(second, second, sign);
      a.vfmadd231ps(second, first, cos);
      a.vmovups(Mem.at(Gpr.RSI, at), second);
    }
  }

  private void halves(int pairs) {
    for (int pair = 0; pair < pairs; pair += 16) {
      Mem low = Mem.at(Gpr.RSI, pair * Float.BYTES);
      Mem high = Mem.at(Gpr.RSI, (pairs + pair) * Float.BYTES);
      int table = pair * 2 * Float.BYTES;
      a.vmovups(first, low);
      a.vmovups(second, high);
      a.vmovups(sin, Mem.at(Gpr.R8, table));
      a.vmovups(u, Mem.at(Gpr.R8, table + STEP));
      a.vmovups(cos, sin);
      a.vpermt2ps(cos, even, u);
      a.vpermt2ps(sin, odd, u);
      a.vmulps(t, second, sin);
      a.vpxord(t, t, sign);
      a.vfmadd231ps(t, first, cos);
      a.vmulps(u, second, cos);
      a.vfmadd231ps(u, first, sin);
      a.vmovups(low, t);
      a.vmovups(high, u);
    }
  }
}
