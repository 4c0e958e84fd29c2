package dev.nearside.tensor.kernel.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Each instruction with many operands: registers low and high, all kinds of addresses, masks. */
final class Samples {
  private static final List<Mem> PLACES =
      List.of(
          Mem.at(Gpr.RAX),
          Mem.at(Gpr.RSP, 8),
          Mem.at(Gpr.RBP),
          Mem.at(Gpr.R12, 64),
          Mem.at(Gpr.R13, -128),
          Mem.at(Gpr.RSI, Gpr.R9, 4, 512),
          Mem.at(Gpr.R13, Gpr.RBP, 8, 0),
          Mem.at(Gpr.R8, Gpr.R15, 1, -8192),
          Mem.at(Gpr.RDI, 100_000),
          Mem.at(Gpr.RDX, 4));

  private static final List<Gpr> GENERAL = List.of(Gpr.RCX, Gpr.RSP, Gpr.R8, Gpr.R13);

  private final List<Instruction> out = new ArrayList<>();

  /** All of them, always in the same order. */
  static List<Instruction> all() {
    Samples samples = new Samples();
    for (Op op : Op.values()) {
      samples.add(op);
    }
    return samples.out;
  }

  /** Writes a line for each, for the script that has GNU as assemble them. */
  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), all().stream().map(Samples::line).toList());
  }

  /** The instruction with the prefix that has GNU as choose the encoder's form of it. */
  static String line(Instruction i) {
    if (i.op().kind != Op.Kind.GENERAL) {
      return (i.isEvex() ? "{evex} " : "{vex3} ") + i;
    }
    return (i.op().form == Op.Form.GM ? "{load} " : "") + i;
  }

  private void add(Op op) {
    switch (op.kind) {
      case GENERAL -> general(op);
      case VEX -> vector(op, 32, 15);
      case EVEX -> vector(op, 64, 31);
      case VEX_OR_EVEX -> {
        vector(op, 32, 15);
        vector(op, 64, 31);
        vector(op, 32, 31);
      }
    }
  }

  private void general(Op op) {
    switch (op.form) {
      case O -> put(op);
      case G -> GENERAL.forEach(g -> put(op, g));
      case GM -> {
        for (Gpr g : GENERAL) {
          if (op != Op.LEA && op != Op.MOVL) {
            GENERAL.forEach(other -> put(op, g, other));
          }
          PLACES.forEach(place -> put(op, g, place));
        }
      }
      case MG -> GENERAL.forEach(g -> PLACES.forEach(place -> put(op, place, g)));
      case M -> PLACES.forEach(place -> put(op, place));
      case GI -> {
        for (int value : new int[] {1, -128, 127, 128, -100_000}) {
          GENERAL.forEach(g -> put(op, g, new Imm(value)));
        }
      }
      case GS -> GENERAL.forEach(g -> put(op, g, new Imm(3)));
      default -> {} // jumps: see RoutineTest
    }
  }

  @SuppressWarnings("EnumOrdinal") // any spread does
  private void vector(Op op, int bytes, int highest) {
    if (op.name().startsWith("TILE") || op.name().startsWith("TDP") || op == Op.LDTILECFG) {
      tiles(op);
      return;
    }
    if (op == Op.KMOVW) {
      GENERAL.forEach(g -> put(op, Mask.k(3), g));
      return;
    }
    if (op == Op.VPEXTRW_STORE) {
      PLACES.forEach(place -> put(op, place, Vec.xmm(9), new Imm(5)));
      return;
    }
    if (op == Op.KMOVQ) {
      PLACES.forEach(place -> put(op, Mask.k(5), place));
      return;
    }
    if (op == Op.VPBROADCASTD_GPR) {
      GENERAL.forEach(g -> put(op, new Vec(bytes, 17), g));
      return;
    }
    if (op == Op.VCVTNEPS2BF16) { // with an address its width would be unknown
      put(op, Vec.ymm(3), Vec.zmm(18));
      put(op, Vec.ymm(27).zeroing(Mask.k(1)), Vec.zmm(5));
      return;
    }
    if (op.form == Op.Form.O) {
      put(op);
      return;
    }
    int partBytes =
        switch (op.tuple) {
          case HALF -> bytes / 2;
          case QUARTER, ELEM_2, ELEM_4, ELEM_16 -> 16;
          case ELEM_32 -> 32;
          default -> bytes;
        };
    if (op.tuple == Op.Tuple.QUARTER && bytes == 32 && op.kind == Op.Kind.EVEX) {
      return;
    }
    boolean isEvex = bytes == 64 || highest > 15;
    int[][] numbers =
        highest > 15
            ? new int[][] {{0, 17, 31}, {9, 2, 24}, {31, 30, 1}}
            : new int[][] {{0, 1, 2}, {9, 2, 15}, {7, 15, 8}};
    for (int round = 0; round < numbers.length; round++) {
      int[] n = numbers[round];
      Operand to = op == Op.VCMPPS ? Mask.k(n[0] % 8) : new Vec(bytes, n[0]);
      Vec part = new Vec(partBytes, n[2]);
      vector(op, to, new Vec(bytes, n[1]), part);
      if (isEvex && op != Op.VCMPPS && op.form != Op.Form.MR && op.form != Op.Form.MRI) {
        Vec vec = new Vec(bytes, n[0]);
        vector(op, vec.merging(Mask.k(2)), new Vec(bytes, n[1]), part);
        vector(op, vec.zeroing(Mask.k(7)), new Vec(bytes, n[1]), part);
      }
      for (int i = 0; i < 4; i++) {
        Mem place = PLACES.get((op.ordinal() + round * 4 + i) % PLACES.size());
        if (op.form != Op.Form.VMI || isEvex) {
          vector(op, to, new Vec(bytes, n[1]), place);
        }
        if (isEvex && op.tuple == Op.Tuple.FULL && op.form != Op.Form.MR) {
          vector(op, to, new Vec(bytes, n[1]), place.broadcast());
        }
      }
    }
  }

  private void vector(Op op, Operand to, Vec a, Operand b) {
    switch (op.form) {
      case RM -> put(op, to, b);
      case MR -> {
        if (b instanceof Mem || !op.name().endsWith("_STORE")) {
          put(op, b, to);
        }
      }
      case RVM -> put(op, to, a, b);
      case RMI -> put(op, to, b, new Imm(9));
      case MRI -> put(op, b, to, new Imm(1));
      case RVMI -> put(op, to, a, b, new Imm(1));
      case RVMR -> put(op, to, a, b, new Vec(a.bytes(), 11));
      case VMI -> put(op, to, b, new Imm(4));
      default -> throw new IllegalArgumentException(op + " has no samples");
    }
  }

  private void tiles(Op op) {
    switch (op.form) {
      case O -> put(op);
      case R -> put(op, Tile.tmm(6));
      case M -> PLACES.forEach(place -> put(op, place));
      case RM -> indexed(place -> put(op, Tile.tmm(5), place));
      case MR -> indexed(place -> put(op, place, Tile.tmm(2)));
      case RMV -> put(op, Tile.tmm(1), Tile.tmm(4), Tile.tmm(7));
      default -> throw new IllegalArgumentException(op + " has no samples");
    }
  }

  private static void indexed(Consumer<Mem> use) {
    PLACES.stream().filter(place -> place.index() != null).forEach(use);
  }

  private void put(Op op, Operand... operands) {
    out.add(Instruction.of(op, operands));
  }
}
