package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** Divides what queries have gathered by the sums of their weights. */
final class AttentionEnd {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int RESULTS = 0;

  static final int STATES = 8;
  static final int OUT = 16;

  /** Queries that follow each other. */
  static final int COUNT = 24;

  private AttentionEnd() {}

  static Code assemble(int dim) {
    Assembler a = new Assembler();
    Vec sum = Vec.zmm(0);
    Vec x = Vec.zmm(1);
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, RESULTS));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, STATES));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    Label query = a.here("query");
    a.vmovups(sum, Mem.at(Gpr.R8, 64));
    for (int at = 0; at < dim * Float.BYTES; at += 64) {
      a.vmovups(x, Mem.at(Gpr.RSI, at));
      a.vdivps(x, x, sum);
      a.vmovups(Mem.at(Gpr.RDX, at), x);
    }
    a.add(Gpr.RSI, dim * Float.BYTES);
    a.add(Gpr.RDX, dim * Float.BYTES);
    a.add(Gpr.R8, AttentionRoutine.STATE_BYTES);
    a.sub(Gpr.RCX, 1);
    a.jne(query);
    frame.end(a);
    return a.finish();
  }
}
