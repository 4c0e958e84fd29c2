package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Root mean square norms of rows whose width is a multiple of 16.
 *
 * <pre>
 *   RSI row   RDX its result   R8 weights   RCX rows left   R9 bytes of a row   RAX place in the row
 * </pre>
 */
final class NormRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int IN = 0;

  static final int OUT = 8;
  static final int WEIGHT = 16;
  static final int ROWS = 24;
  static final int ROW_BYTES = 32;

  /** A float. */
  static final int EPS = 40;

  /** The width, a float. */
  static final int DIM = 48;

  private static final int STEP = 64;

  private NormRoutine() {}

  static Code assemble() {
    Assembler a = new Assembler();
    LaneCode lanes = new LaneCode(a);
    Vec sum = Vec.zmm(0);
    Vec x = Vec.zmm(1);
    Vec factor = Vec.zmm(2);
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, IN));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, WEIGHT));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, ROWS));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, ROW_BYTES));
    Label row = a.here("row");
    a.vpxord(sum, sum, sum);
    a.mov(Gpr.RAX, 0);
    Label squares = a.here("squares");
    a.vmovups(x, Mem.at(Gpr.RSI, Gpr.RAX, 1, 0));
    a.vfmadd231ps(sum, x, x);
    a.add(Gpr.RAX, STEP);
    a.cmp(Gpr.RAX, Gpr.R9);
    a.jl(squares);
    lanes.sum(sum, x);
    a.vdivps(sum, sum, Mem.at(Frame.ARGUMENTS, DIM).broadcast());
    a.vaddps(sum, sum, Mem.at(Frame.ARGUMENTS, EPS).broadcast());
    a.vsqrtps(sum, sum);
    a.vbroadcastss(factor, lanes.one().element());
    a.vdivps(factor, factor, sum);
    a.mov(Gpr.RAX, 0);
    Label results = a.here("results");
    a.vmulps(x, factor, Mem.at(Gpr.RSI, Gpr.RAX, 1, 0));
    a.vmulps(x, x, Mem.at(Gpr.R8, Gpr.RAX, 1, 0));
    a.vmovups(Mem.at(Gpr.RDX, Gpr.RAX, 1, 0), x);
    a.add(Gpr.RAX, STEP);
    a.cmp(Gpr.RAX, Gpr.R9);
    a.jl(results);
    a.add(Gpr.RSI, Gpr.R9);
    a.add(Gpr.RDX, Gpr.R9);
    a.sub(Gpr.RCX, 1);
    a.jne(row);
    frame.end(a);
    return a.finish();
  }
}
