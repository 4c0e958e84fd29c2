package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;
import java.util.List;

/**
 * Panels of codes times one to four tokens, with AVX-512 VNNI: {@code y (tokens, rows) = x × wᵀ}.
 *
 * <p>A zmm register holds four columns of 16 rows, so every row is a lane and nothing is summed
 * across. A code meets both halves of an activation in a {@code vpdpbusd} each; the halves are
 * joined by a shift and an addition before the one conversion to float: see docs/design/kernels.md.
 *
 * <pre>
 *   RBP tiles of tokens left
 *   RSI panel data   RCX panels left   R8 units left   RDX blocks left of a unit   R15 unit's scales
 *   RAX offset of the block in a token's row   R9 R10 R11 RBX rows of the tokens
 *   R12 outputs of the first token   R13 R14 distances to the second and the fourth one's
 *   zmm 0 …  high and low sums, then results: token by token, rows 0–15 and 16–31
 * </pre>
 */
final class CodesRoutine {
  /** Tokens at most. */
  static final int MOST_TOKENS = 4;

  /** Arguments, 8 bytes each, and where they stand. */
  static final int WEIGHTS = 0;

  static final int PANELS = 8;
  static final int UNITS = 16;
  static final int TOKENS = 24;
  static final int TOKEN_BYTES = 32;
  static final int OUT = 40;
  static final int OUT_BYTES = 48;

  /** How often as many tokens as a routine takes: of that for {@link #MOST_TOKENS} alone. */
  static final int TILES = 56;

  private static final Gpr TILES_LEFT = Gpr.RBP;
  private static final List<Gpr> ROWS_OF = List.of(Gpr.R9, Gpr.R10, Gpr.R11, Gpr.RBX);

  private final PanelFormat format;
  private final int tokens;
  private final Assembler a = new Assembler();

  // Behind the sums and results of the tokens.
  private final Vec[] codes = new Vec[2];
  private final Vec broadcast;
  private final PanelCode panel;

  private CodesRoutine(PanelFormat format, int tokens) {
    this.format = format;
    this.tokens = tokens;
    int next = 6 * tokens;
    codes[0] = Vec.zmm(next++);
    codes[1] = Vec.zmm(next++);
    broadcast = Vec.zmm(next++);
    panel = new PanelCode(a, format, next);
  }

  /**
   * The routine for a format.
   *
   * @param tokens 1 to 4
   */
  static Code assemble(PanelFormat format, int tokens) {
    return new CodesRoutine(format, tokens).assemble();
  }

  private Vec high(int token, int half) {
    return Vec.zmm(4 * token + half);
  }

  private Vec low(int token, int half) {
    return Vec.zmm(4 * token + 2 + half);
  }

  private Vec result(int token, int half) {
    return Vec.zmm(4 * tokens + 2 * token + half);
  }

  private Mem token(int token, int at) {
    return Mem.at(ROWS_OF.get(token), Gpr.RAX, 1, at);
  }

  private Code assemble() {
    Frame frame = Frame.here();
    frame.begin(a);
    panel.constants();
    a.mov(TILES_LEFT, Mem.at(Frame.ARGUMENTS, TILES));
    Label tile = a.here("tile");
    Label done = new Label("done");
    arguments();
    Label next = a.here("panel");
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        a.vpxord(result(t, half), result(t, half), result(t, half));
      }
    }
    a.mov(Gpr.RAX, 0);
    panel.blocks(this::block);
    store();
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    if (tokens == MOST_TOKENS) {
      a.sub(TILES_LEFT, 1);
      a.je(done);
      nextTile();
      a.jmp(tile);
      a.bind(done);
    }
    frame.end(a);
    return a.finish();
  }

  // The same panels meet the tokens behind these.
  private void nextTile() {
    a.mov(Gpr.RAX, Mem.at(Frame.ARGUMENTS, TOKEN_BYTES));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, TOKENS));
    a.lea(Gpr.R9, Mem.at(Gpr.R9, Gpr.RAX, MOST_TOKENS, 0));
    a.mov(Mem.at(Frame.ARGUMENTS, TOKENS), Gpr.R9);
    a.mov(Gpr.R12, Mem.at(Frame.ARGUMENTS, OUT));
    a.lea(Gpr.R12, Mem.at(Gpr.R12, Gpr.R13, MOST_TOKENS, 0));
    a.mov(Mem.at(Frame.ARGUMENTS, OUT), Gpr.R12);
  }

  private void arguments() {
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, WEIGHTS));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, PANELS));
    a.mov(ROWS_OF.getFirst(), Mem.at(Frame.ARGUMENTS, TOKENS));
    for (int t = 1; t < tokens; t++) {
      a.mov(ROWS_OF.get(t), ROWS_OF.get(t - 1));
      a.add(ROWS_OF.get(t), Mem.at(Frame.ARGUMENTS, TOKEN_BYTES));
    }
    a.mov(Gpr.R12, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.R13, Mem.at(Frame.ARGUMENTS, OUT_BYTES));
    a.lea(Gpr.R14, Mem.at(Gpr.R13, Gpr.R13, 2, 0));
  }

  /** 32 columns; {@code scales} are those of the unit, codes begin at RSI + {@code codesAt}. */
  private void block(Gpr scales, int codesAt) {
    int groups = format.groups();
    int quads = 8 / groups;
    for (int g = 0; g < groups; g++) {
      beginSums(g, groups);
      for (int q = g * quads; q < (g + 1) * quads; q++) {
        panel.decode(codes[0], q, 0, codesAt);
        panel.decode(codes[1], q, 1, codesAt);
        multiply(q);
      }
      endSums(scales, g, groups);
    }
    a.add(Gpr.RAX, TokenBlock.BYTES);
  }

  // The sum of codes times activations begins with what the codes are too high by.
  private void beginSums(int g, int groups) {
    int sum = TokenBlock.MINUS_SUM + (groups == 1 ? 0 : 4 * (1 + g));
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        a.vpxord(high(t, half), high(t, half), high(t, half));
        if (format.zero() == 0) {
          a.vpxord(low(t, half), low(t, half), low(t, half));
        } else {
          int bits = Integer.numberOfTrailingZeros(format.zero());
          a.vpslld(low(t, half), token(t, sum).broadcast(), bits);
        }
      }
    }
  }

  private void multiply(int quad) {
    for (int t = 0; t < tokens; t++) {
      a.vpbroadcastd(broadcast, token(t, TokenBlock.HIGH + 4 * quad));
      a.vpdpbusd(high(t, 0), codes[0], broadcast);
      a.vpdpbusd(high(t, 1), codes[1], broadcast);
      a.vpbroadcastd(broadcast, token(t, TokenBlock.LOW + 4 * quad));
      a.vpdpbusd(low(t, 0), codes[0], broadcast);
      a.vpdpbusd(low(t, 1), codes[1], broadcast);
    }
  }

  private void endSums(Gpr scales, int g, int groups) {
    for (int half = 0; half < 2; half++) {
      Vec scale = codes[0];
      Vec offset = codes[1];
      panel.scale(scale, scales, half, g, false, broadcast);
      if (format.reader().hasOffset()) {
        panel.scale(offset, scales, half, g, true, broadcast);
      }
      for (int t = 0; t < tokens; t++) {
        Vec sum = high(t, half);
        a.vpslld(sum, sum, 5);
        a.vpaddd(sum, sum, low(t, half));
        a.vcvtdq2ps(sum, sum);
        a.vmulps(broadcast, scale, token(t, TokenBlock.SCALE).broadcast());
        a.vfmadd231ps(result(t, half), sum, broadcast);
        if (format.reader().hasOffset()) {
          int at = TokenBlock.SUM + (groups == 1 ? 0 : 4 * (1 + g));
          a.vmulps(broadcast, offset, token(t, TokenBlock.SCALE).broadcast());
          a.vfmadd231ps(result(t, half), broadcast, token(t, at).broadcast());
        }
      }
    }
  }

  private void store() {
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        Mem place =
            switch (t) {
              case 0 -> Mem.at(Gpr.R12, 64 * half);
              case 1 -> Mem.at(Gpr.R12, Gpr.R13, 1, 64 * half);
              case 2 -> Mem.at(Gpr.R12, Gpr.R13, 2, 64 * half);
              default -> Mem.at(Gpr.R12, Gpr.R14, 1, 64 * half);
            };
        a.vmovups(place, result(t, half));
      }
    }
    a.add(Gpr.R12, 128);
  }
}
