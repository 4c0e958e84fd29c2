package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Panels of codes times a group of tokens in fast numerics, with AVX-512 VNNI: activations have 8
 * bits, so that a code meets them once where {@link CodesRoutine} needs two instructions. The codes
 * of a block are taken out once and stay in registers while all tokens of the group pass by; their
 * results wait in memory meanwhile.
 *
 * <pre>
 *   RSI panel data   RCX panels left   R8 units left   RDX blocks left of a unit   R15 unit's scales
 *   RAX activations: block by block, in a block token by token   R11 bytes of a block of all tokens
 *   RBX results {@code (tokens, 32)} float32   R9 turns of a block   R10 turns left
 *   R12 outputs of the first token   R13 bytes to the next one's
 *   zmm 0–15 codes   16–23 sums   24–27 scratch   28 29 scales   30 31 offsets
 * </pre>
 */
final class FastRoutine {
  /** Tokens that pass by together; those of a group are a multiple. */
  static final int TURN = 4;

  /** Arguments, 8 bytes each, and where they stand. Others are where CodesRoutine has them. */
  static final int TURNS = CodesRoutine.TOKEN_BYTES;

  static final int COUNT = 64;
  static final int RESULTS = 72;

  private static final int ROW_BYTES = PanelFormat.ROWS * Float.BYTES;
  private static final int SUMS = 16;

  private final PanelFormat format;
  private final Assembler a = new Assembler();
  private final PanelCode panel;
  private final Vec[] codes = LaneCode.registers(0, 16);
  private final Vec[] t = LaneCode.registers(24, 4);
  private final Vec[] scales = LaneCode.registers(28, 2);
  private final Vec[] offsets = LaneCode.registers(30, 2);

  private FastRoutine(PanelFormat format) {
    this.format = format;
    panel = new PanelCode(a, format, SUMS);
  }

  /** The routine for a format. */
  static Code assemble(PanelFormat format) {
    return new FastRoutine(format).assemble();
  }

  /** Turns that so many tokens of a group take. */
  static int turns(int tokens) {
    return (tokens + TURN - 1) / TURN;
  }

  private static Vec sum(int token, int half) {
    return Vec.zmm(SUMS + 2 * token + half);
  }

  private static Mem token(int token, int at) {
    return Mem.at(Gpr.RAX, token * FastBlock.BYTES + at);
  }

  private Code assemble() {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, CodesRoutine.WEIGHTS));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, CodesRoutine.PANELS));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, TURNS));
    a.mov(Gpr.R12, Mem.at(Frame.ARGUMENTS, CodesRoutine.OUT));
    a.mov(Gpr.R13, Mem.at(Frame.ARGUMENTS, CodesRoutine.OUT_BYTES));
    a.mov(Gpr.RAX, TURN * FastBlock.BYTES);
    a.mov(Gpr.R11, Gpr.R9);
    a.imul(Gpr.R11, Gpr.RAX);
    Label next = a.here("panel");
    clear();
    a.mov(Gpr.RAX, Mem.at(Frame.ARGUMENTS, CodesRoutine.TOKENS));
    panel.blocks(this::block);
    store();
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }

  // No results yet.
  private void clear() {
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, RESULTS));
    a.mov(Gpr.R10, Gpr.R9);
    a.vpxord(t[0], t[0], t[0]);
    Label next = a.here("clear");
    for (int i = 0; i < TURN * ROW_BYTES; i += 64) {
      a.vmovups(Mem.at(Gpr.RBX, i), t[0]);
    }
    a.add(Gpr.RBX, TURN * ROW_BYTES);
    a.sub(Gpr.R10, 1);
    a.jne(next);
  }

  /** 32 columns; {@code unit} points to the scales of the unit, codes begin at RSI + codesAt. */
  private void block(Gpr unit, int codesAt) {
    int groups = format.groups();
    int quads = 8 / groups;
    for (int g = 0; g < groups; g++) {
      panel.constants();
      for (int q = 0; q < quads; q++) {
        for (int half = 0; half < 2; half++) {
          panel.decode(codes[2 * q + half], g * quads + q, half, codesAt);
        }
      }
      for (int half = 0; half < 2; half++) {
        panel.scale(scales[half], unit, half, g, false, t[0]);
        if (format.reader().hasOffset()) {
          panel.scale(offsets[half], unit, half, g, true, t[0]);
        }
      }
      if (g > 0) {
        a.sub(Gpr.RAX, Gpr.R11); // the same tokens again
      }
      tokens(g, groups);
    }
  }

  private void tokens(int g, int groups) {
    int quads = 8 / groups;
    int sumAt = groups == 1 ? 0 : Integer.BYTES * (1 + g);
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, RESULTS));
    a.mov(Gpr.R10, Gpr.R9);
    Label next = a.here("tokens");
    for (int token = 0; token < TURN; token++) {
      beginSums(token, sumAt);
    }
    for (int q = 0; q < quads; q++) {
      for (int token = 0; token < TURN; token++) {
        a.vpbroadcastd(t[token], token(token, FastBlock.CODES + 4 * (g * quads + q)));
        a.vpdpbusd(sum(token, 0), codes[2 * q], t[token]);
        a.vpdpbusd(sum(token, 1), codes[2 * q + 1], t[token]);
      }
    }
    for (int token = 0; token < TURN; token++) {
      endSums(token, sumAt);
    }
    a.add(Gpr.RAX, TURN * FastBlock.BYTES);
    a.add(Gpr.RBX, TURN * ROW_BYTES);
    a.sub(Gpr.R10, 1);
    a.jne(next);
  }

  // The sum of codes times activations begins with what the codes are too high by.
  private void beginSums(int token, int sumAt) {
    if (format.zero() == 0) {
      for (int half = 0; half < 2; half++) {
        a.vpxord(sum(token, half), sum(token, half), sum(token, half));
      }
    } else {
      int bits = Integer.numberOfTrailingZeros(format.zero());
      a.vpslld(sum(token, 0), token(token, FastBlock.MINUS_SUM + sumAt).broadcast(), bits);
      a.vmovaps(sum(token, 1), sum(token, 0));
    }
  }

  private void endSums(int token, int sumAt) {
    Vec scale = t[2 * (token % 2)];
    Vec factor = t[2 * (token % 2) + 1];
    a.vbroadcastss(scale, token(token, FastBlock.SCALE));
    for (int half = 0; half < 2; half++) {
      Mem result = Mem.at(Gpr.RBX, token * ROW_BYTES + 64 * half);
      Vec sum = sum(token, half);
      a.vcvtdq2ps(sum, sum);
      a.vmulps(factor, scales[half], scale);
      a.vfmadd213ps(sum, factor, result);
      if (format.reader().hasOffset()) {
        a.vmulps(factor, offsets[half], scale);
        a.vfmadd231ps(sum, factor, token(token, FastBlock.SUM + sumAt).broadcast());
      }
      a.vmovups(result, sum);
    }
  }

  private void store() {
    a.mov(Gpr.RBX, Mem.at(Frame.ARGUMENTS, RESULTS));
    a.mov(Gpr.R10, Mem.at(Frame.ARGUMENTS, COUNT));
    a.mov(Gpr.RAX, Gpr.R12);
    Label next = a.here("store");
    for (int half = 0; half < 2; half++) {
      a.vmovups(t[half], Mem.at(Gpr.RBX, 64 * half));
      a.vmovups(Mem.at(Gpr.RAX, 64 * half), t[half]);
    }
    a.add(Gpr.RBX, ROW_BYTES);
    a.add(Gpr.RAX, Gpr.R13);
    a.sub(Gpr.R10, 1);
    a.jne(next);
    a.add(Gpr.R12, ROW_BYTES);
  }
}
