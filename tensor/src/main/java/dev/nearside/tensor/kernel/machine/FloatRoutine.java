package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Panels of float rows times some tokens: {@code y (tokens, rows) = x × wᵀ}, {@code fma} column by
 * column. A panel holds 32 rows: the 32 elements of its first column, those of its second, …
 *
 * <pre>
 *   RSI weights   RCX panels left   RDX columns left   R8 values of the first token
 *   RAX value's place in a row   R12 outputs of the first token   R13 bytes of a token's outputs
 *   R14 first token's values, then third one's …   R9 bytes of a token's values   RBX three of them
 *   zmm 0 …  results: token by token, rows 0–15 and 16–31   30 31 weights
 * </pre>
 */
final class FloatRoutine {
  /** Tokens at most. */
  static final int MOST_TOKENS = 12;

  /** Arguments, 8 bytes each, and where they stand. */
  static final int WEIGHTS = 0;

  static final int PANELS = 8;
  static final int COLS = 16;
  static final int VALUES = 24;
  static final int VALUE_BYTES = 32;
  static final int OUT = 40;
  static final int OUT_BYTES = 48;

  private final TensorType type;
  private final int tokens;
  private final Assembler a = new Assembler();
  private final Vec[] weights = {Vec.zmm(30), Vec.zmm(31)};

  // Each holds the address of every fourth token; the others are one, two or three rows further.
  private static final Gpr[] GROUPS = {Gpr.R8, Gpr.R10, Gpr.R11};

  private FloatRoutine(TensorType type, int tokens) {
    this.type = type;
    this.tokens = tokens;
  }

  /** Whether rows of this type are multiplied as they are. */
  static boolean has(TensorType type) {
    return type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16;
  }

  /** Bytes of an element. */
  static int elementBytes(TensorType type) {
    return type == TensorType.F32 ? 4 : 2;
  }

  /** Bytes of a panel. */
  static long panelBytes(TensorType type, int cols) {
    return (long) cols * PanelFormat.ROWS * elementBytes(type);
  }

  /**
   * @param tokens 1 to 12
   */
  static Code assemble(TensorType type, int tokens) {
    return new FloatRoutine(type, tokens).code();
  }

  private static Vec result(int token, int half) {
    return Vec.zmm(2 * token + half);
  }

  private Code code() {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, WEIGHTS));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, PANELS));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, VALUE_BYTES));
    a.mov(Gpr.R12, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.R13, Mem.at(Frame.ARGUMENTS, OUT_BYTES));
    a.lea(Gpr.RBX, Mem.at(Gpr.R9, Gpr.R9, 2, 0));
    Label panel = a.here("panel");
    a.mov(GROUPS[0], Mem.at(Frame.ARGUMENTS, VALUES));
    for (int group = 1; group < GROUPS.length; group++) {
      a.lea(GROUPS[group], Mem.at(GROUPS[group - 1], Gpr.R9, 4, 0));
    }
    for (int t = 0; t < tokens; t++) {
      a.vpxord(result(t, 0), result(t, 0), result(t, 0));
      a.vpxord(result(t, 1), result(t, 1), result(t, 1));
    }
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, COLS));
    Label column = a.here("column");
    for (int half = 0; half < 2; half++) {
      load(weights[half], Mem.at(Gpr.RSI, half * 16 * elementBytes(type)));
    }
    for (int t = 0; t < tokens; t++) {
      Mem value = value(t).broadcast();
      a.vfmadd231ps(result(t, 0), weights[0], value);
      a.vfmadd231ps(result(t, 1), weights[1], value);
    }
    a.add(Gpr.RSI, PanelFormat.ROWS * elementBytes(type));
    for (Gpr group : GROUPS) {
      a.add(group, Float.BYTES);
    }
    a.sub(Gpr.RDX, 1);
    a.jne(column);
    store();
    a.sub(Gpr.RCX, 1);
    a.jne(panel);
    frame.end(a);
    return a.finish();
  }

  private void load(Vec into, Mem from) {
    switch (type) {
      case F32 -> a.vmovups(into, from);
      case F16 -> a.vcvtph2ps(into, from);
      case BF16 -> {
        a.vpmovzxwd(into, from);
        a.vpslld(into, into, 16);
      }
      default -> throw new IllegalArgumentException("no float rows: " + type);
    }
  }

  private static Mem value(int token) {
    Gpr group = GROUPS[token / 4];
    return switch (token % 4) {
      case 0 -> Mem.at(group);
      case 1 -> Mem.at(group, Gpr.R9, 1, 0);
      case 2 -> Mem.at(group, Gpr.R9, 2, 0);
      default -> Mem.at(group, Gpr.RBX, 1, 0);
    };
  }

  private void store() {
    a.mov(Gpr.R14, Gpr.R12);
    for (int t = 0; t < tokens; t++) {
      for (int half = 0; half < 2; half++) {
        a.vmovups(Mem.at(Gpr.R14, 64 * half), result(t, half));
      }
      a.add(Gpr.R14, Gpr.R13);
    }
    a.add(Gpr.R12, PanelFormat.ROWS * Float.BYTES);
  }
}
