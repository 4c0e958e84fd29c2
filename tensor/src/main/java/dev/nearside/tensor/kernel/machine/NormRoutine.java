package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Norms of rows whose width is a multiple of 16.
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

  /** What is added at the end; only of norms with a mean, and 0 where nothing is. */
  static final int BIAS = 56;

  private static final int STEP = 64;

  private final Assembler a = new Assembler();
  private final LaneCode lanes = new LaneCode(a);
  private final Mem dim = Mem.at(Frame.ARGUMENTS, DIM).broadcast();
  private final Vec sum = Vec.zmm(0);
  private final Vec x = Vec.zmm(1);
  private final Vec factor = Vec.zmm(2);
  private final Vec mean = Vec.zmm(3);

  private NormRoutine() {}

  /** Root mean square norms: {@code x / sqrt(mean(x²) + eps) * weight}. */
  static Code assemble() {
    return new NormRoutine().code(false);
  }

  /** Norms with a mean: {@code (x - mean) / sqrt(variance + eps) * weight + bias}. */
  static Code withMean() {
    return new NormRoutine().code(true);
  }

  /** Has a routine compute rows {@code from … to - 1}. */
  static void call(
      Routine routine,
      Arguments arguments,
      int thread,
      Floats x,
      Floats weight,
      float eps,
      int from,
      int to,
      int dim,
      Floats out) {
    long rowBytes = (long) dim * Float.BYTES;
    arguments.put(thread, IN, x.segment().address() + from * rowBytes);
    arguments.put(thread, OUT, out.segment().address() + from * rowBytes);
    arguments.put(thread, WEIGHT, weight.segment().address());
    arguments.put(thread, ROWS, to - from);
    arguments.put(thread, ROW_BYTES, rowBytes);
    arguments.put(thread, EPS, eps);
    arguments.put(thread, NormRoutine.DIM, (float) dim);
    routine.call(arguments.address(thread));
  }

  private Code code(boolean hasMean) {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, IN));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, WEIGHT));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, ROWS));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, ROW_BYTES));
    if (hasMean) {
      a.mov(Gpr.R10, Mem.at(Frame.ARGUMENTS, BIAS));
    }
    Label row = a.here("row");
    if (hasMean) {
      clearSum();
      forEach("elements", () -> a.vaddps(sum, sum, Mem.at(Gpr.RSI, Gpr.RAX, 1, 0)));
      lanes.sum(sum, x);
      a.vdivps(mean, sum, dim);
    }
    clearSum();
    forEach(
        "squares",
        () -> {
          load(hasMean);
          a.vfmadd231ps(sum, x, x);
        });
    lanes.sum(sum, x);
    a.vdivps(sum, sum, dim);
    a.vaddps(sum, sum, Mem.at(Frame.ARGUMENTS, EPS).broadcast());
    a.vsqrtps(sum, sum);
    a.vbroadcastss(factor, lanes.one().element());
    a.vdivps(factor, factor, sum);
    results(hasMean);
    a.add(Gpr.RSI, Gpr.R9);
    a.add(Gpr.RDX, Gpr.R9);
    a.sub(Gpr.RCX, 1);
    a.jne(row);
    frame.end(a);
    return a.finish();
  }

  private void results(boolean hasMean) {
    Label plain = new Label("plain");
    Label end = new Label("end");
    Mem weight = Mem.at(Gpr.R8, Gpr.RAX, 1, 0);
    if (hasMean) {
      a.cmp(Gpr.R10, 0);
      a.je(plain);
      forEach(
          "with a bias",
          () -> {
            normed(true);
            a.vmovups(sum, weight);
            a.vfmadd213ps(x, sum, Mem.at(Gpr.R10, Gpr.RAX, 1, 0));
          },
          true);
      a.jmp(end);
      a.bind(plain);
    }
    forEach(
        "results",
        () -> {
          normed(hasMean);
          a.vmulps(x, x, weight);
        },
        true);
    a.bind(end);
  }

  private void normed(boolean hasMean) {
    load(hasMean);
    a.vmulps(x, x, factor);
  }

  private void load(boolean hasMean) {
    a.vmovups(x, Mem.at(Gpr.RSI, Gpr.RAX, 1, 0));
    if (hasMean) {
      a.vsubps(x, x, mean);
    }
  }

  private void clearSum() {
    a.vpxord(sum, sum, sum);
  }

  private void forEach(String name, Runnable step) {
    forEach(name, step, false);
  }

  // For each vector of the row; RAX is its place.
  private void forEach(String name, Runnable step, boolean isResult) {
    a.mov(Gpr.RAX, 0);
    Label next = a.here(name);
    step.run();
    if (isResult) {
      a.vmovups(Mem.at(Gpr.RDX, Gpr.RAX, 1, 0), x);
    }
    a.add(Gpr.RAX, STEP);
    a.cmp(Gpr.RAX, Gpr.R9);
    a.jl(next);
  }
}
