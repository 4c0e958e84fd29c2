package dev.nearside.tensor.kernel.x86;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns instructions into bytes. Jumps and places of labels take 32 bits, however near they are.
 */
final class Encoder {
  /** Where the distance from {@code end} to a label has to be written. */
  record Fixup(int at, int end, Label label) {}

  private byte[] bytes = new byte[1024];
  private int size;
  private final List<Fixup> fixups = new ArrayList<>();

  int size() {
    return size;
  }

  List<Fixup> fixups() {
    return fixups;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  void put(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
  }

  private void put32(int value) {
    for (int i = 0; i < 4; i++) {
      put(value >> (8 * i));
    }
  }

  void patch(Fixup fixup, int target) {
    int distance = target - fixup.end;
    for (int i = 0; i < 4; i++) {
      bytes[fixup.at + i] = (byte) (distance >> (8 * i));
    }
  }

  /** Operands in their places. */
  private static final class Fields {
    final Instruction instruction;
    int reg; // ModRM's register field, with its higher bits
    int vvvv;
    Operand rm = new Imm(0);
    @Nullable Integer immediate; // 8 bits
    @Nullable Masked masked;

    Fields(Instruction instruction) {
      this.instruction = instruction;
    }

    Operand operand(int i) {
      Operand o = instruction.operands().get(i);
      if (o instanceof Masked m) {
        masked = m;
        return m.vec();
      }
      return o;
    }

    int number(int i) {
      return Encoder.number(operand(i));
    }

    int imm8(int i) {
      if (operand(i) instanceof Imm imm && imm.value() >= -128 && imm.value() <= 255) {
        return (int) imm.value();
      }
      throw wrong("a number of 8 bits is needed");
    }

    IllegalArgumentException wrong(String why) {
      return new IllegalArgumentException(why + ": " + instruction);
    }
  }

  private static int number(Operand o) {
    return switch (o) {
      case Gpr g -> g.number();
      case Vec v -> v.number();
      case Mask k -> k.number();
      case Tile t -> t.number();
      default -> throw new IllegalArgumentException("not a register: " + o);
    };
  }

  void encode(Instruction i) {
    if (i.op().kind == Op.Kind.GENERAL) {
      general(i);
    } else {
      vector(i);
    }
  }

  private void vector(Instruction i) {
    Fields f = new Fields(i);
    switch (i.op().form) {
      case O -> {
        if (i.op() == Op.TILERELEASE) {
          f.rm = Gpr.RAX;
        }
      }
      case R -> {
        f.reg = f.number(0);
        f.rm = Gpr.RAX;
      }
      case M -> {
        f.reg = i.op().extension;
        f.rm = f.operand(0);
      }
      case RM, RMI -> {
        f.reg = f.number(0);
        f.rm = f.operand(1);
      }
      case MR, MRI -> {
        f.rm = f.operand(0);
        f.reg = f.number(1);
      }
      case RVM, RVMI, RVMR -> {
        f.reg = f.number(0);
        f.vvvv = f.number(1);
        f.rm = f.operand(2);
      }
      case RMV -> {
        f.reg = f.number(0);
        f.rm = f.operand(1);
        f.vvvv = f.number(2);
      }
      case VMI -> {
        f.vvvv = f.number(0);
        f.reg = i.op().extension;
        f.rm = f.operand(1);
      }
      case G, GM, MG, GI, GS, J -> throw new IllegalArgumentException("no vector form: " + i);
    }
    switch (i.op().form) {
      case RMI, MRI, VMI -> f.immediate = f.imm8(2);
      case RVMI -> f.immediate = f.imm8(3);
      case RVMR -> f.immediate = f.number(3) << 4;
      default -> {}
    }
    if (i.isEvex()) {
      evex(f);
    } else {
      vex(f);
    }
  }

  private void vex(Fields f) {
    Op op = f.instruction.op();
    int[] high = highBits(f.rm);
    if ((f.reg | f.vvvv | number(f)) > 15) {
      throw f.wrong("VEX knows 16 registers");
    }
    put(0xC4);
    put(inverse(f.reg >> 3, 7) | inverse(high[0], 6) | inverse(high[1], 5) | op.map);
    int isLong = f.instruction.vectorBytes() == 32 ? 1 : 0;
    put((op.w << 7) | ((~f.vvvv & 15) << 3) | (isLong << 2) | op.prefix);
    put(op.opcode);
    if (op == Op.VZEROUPPER) {
      return;
    }
    rest(f, 1);
  }

  private static int inverse(int value, int shift) {
    return (~value & 1) << shift;
  }

  private static int number(Fields f) {
    return f.rm instanceof Mem || f.rm instanceof Imm ? 0 : number(f.rm);
  }

  private void evex(Fields f) {
    Op op = f.instruction.op();
    int length = f.instruction.vectorBytes();
    int[] high = highBits(f.rm);
    boolean isBroadcast = f.rm instanceof Mem m && m.isBroadcast();
    if (isBroadcast && op.tuple != Op.Tuple.FULL) {
      throw f.wrong("this instruction can't broadcast");
    }
    Masked masked = f.masked;
    int mask = masked == null ? 0 : masked.mask().number();
    int zeroing = masked != null && masked.isZeroing() ? 1 : 0;
    put(0x62);
    put(
        inverse(f.reg >> 3, 7)
            | inverse(high[0], 6)
            | inverse(high[1], 5)
            | inverse(f.reg >> 4, 4)
            | op.map);
    put((op.w << 7) | ((~f.vvvv & 15) << 3) | (1 << 2) | op.prefix);
    put(
        (zeroing << 7)
            | ((length == 64 ? 2 : length == 32 ? 1 : 0) << 5)
            | ((isBroadcast ? 1 : 0) << 4)
            | inverse(f.vvvv >> 4, 3)
            | mask);
    put(op.opcode);
    rest(f, unit(op, length, isBroadcast));
  }

  private static int unit(Op op, int length, boolean isBroadcast) {
    return switch (op.tuple) {
      case NONE -> 1;
      case FULL -> isBroadcast ? 4 : length;
      case FULL_MEM -> length;
      case HALF -> length / 2;
      case QUARTER -> length / 4;
      case ELEM_2 -> 2;
      case ELEM_4 -> 4;
      case ELEM_8 -> 8;
      case ELEM_16 -> 16;
      case ELEM_32 -> 32;
    };
  }

  /** Bits 3 of index and base, or bits 4 and 3 of a register, for X and B. */
  private static int[] highBits(Operand rm) {
    return switch (rm) {
      case Mem m -> {
        Gpr index = m.index();
        Gpr base = m.base();
        yield new int[] {
          index == null ? 0 : index.number() >> 3, base == null ? 0 : base.number() >> 3
        };
      }
      case Imm none -> new int[] {0, 0};
      default -> new int[] {(number(rm) >> 4) & 1, (number(rm) >> 3) & 1};
    };
  }

  private void rest(Fields f, int unit) {
    int immediateBytes = f.immediate == null ? 0 : 1;
    boolean isTileMemory =
        f.instruction.op() == Op.TILELOADD || f.instruction.op() == Op.TILESTORED;
    modRm(f.reg, f.rm, unit, isTileMemory, immediateBytes);
    if (f.immediate != null) {
      put(f.immediate);
    }
  }

  private void modRm(int reg, Operand rm, int unit, boolean needsSib, int bytesBehind) {
    int field = (reg & 7) << 3;
    if (!(rm instanceof Mem m)) {
      put(0xC0 | field | (number(rm) & 7));
      return;
    }
    Label label = m.label();
    if (label != null) {
      put(field | 5);
      fixups.add(new Fixup(size, size + 4 + bytesBehind, label));
      put32(m.disp());
      if (m.disp() != 0) {
        throw new IllegalArgumentException("a label of its own is needed: " + m);
      }
      return;
    }
    Gpr base = m.base();
    Gpr index = m.index();
    if (base == null) {
      throw new IllegalArgumentException("no base: " + m);
    }
    int low = base.number() & 7;
    boolean hasSib = index != null || low == 4 || needsSib;
    boolean isSmall = m.disp() % unit == 0 && m.disp() / unit >= -128 && m.disp() / unit <= 127;
    int mod = m.disp() == 0 && low != 5 ? 0 : isSmall ? 1 : 2;
    put((mod << 6) | field | (hasSib ? 4 : low));
    if (hasSib) {
      int scale = Integer.numberOfTrailingZeros(m.scale());
      put((scale << 6) | ((index == null ? 4 : index.number() & 7) << 3) | low);
    }
    if (mod == 1) {
      put(m.disp() / unit);
    } else if (mod == 2) {
      put32(m.disp());
    }
  }

  private void general(Instruction i) {
    Fields f = new Fields(i);
    Op op = i.op();
    switch (op.form) {
      case O -> {
        opcode(op);
        if (op == Op.XGETBV) {
          put(0xD0);
        }
      }
      case G -> {
        int number = f.number(0);
        if (number > 7) {
          put(0x41);
        }
        put(op.opcode | (number & 7));
      }
      case GM -> registers(f, f.number(0), f.operand(1), 0);
      case MG -> registers(f, f.number(1), f.operand(0), 0);
      case M -> registers(f, op.extension, f.operand(0), 0);
      case GS -> {
        registers(f, op.extension, f.operand(0), 1);
        put(f.imm8(1));
      }
      case GI -> withNumber(f);
      case J -> {
        opcode(op);
        if (!(f.operand(0) instanceof Label label)) {
          throw new IllegalArgumentException("a label is needed: " + i);
        }
        fixups.add(new Fixup(size, size + 4, label));
        put32(0);
      }
      default -> throw new IllegalArgumentException("no general form: " + i);
    }
  }

  private void opcode(Op op) {
    if (op.map == 1) {
      put(0x0F);
    }
    put(op.opcode);
  }

  private void withNumber(Fields f) {
    Op op = f.instruction.op();
    if (!(f.operand(1) instanceof Imm imm) || imm.value() != (int) imm.value()) {
      throw new IllegalArgumentException("a number of 32 bits is needed: " + f.instruction);
    }
    int value = (int) imm.value();
    boolean isSmall = op != Op.MOV_IMM && value >= -128 && value <= 127;
    rex(op.w, 0, f.operand(0));
    put(isSmall ? 0x83 : op.opcode);
    modRm(op.extension, f.operand(0), 1, false, isSmall ? 1 : 4);
    if (isSmall) {
      put(value);
    } else {
      put32(value);
    }
  }

  private void registers(Fields f, int reg, Operand rm, int bytesBehind) {
    Op op = f.instruction.op();
    rex(op.w, reg, rm);
    opcode(op);
    modRm(reg, rm, 1, false, bytesBehind);
  }

  private void rex(int w, int reg, Operand rm) {
    int[] high = highBits(rm);
    int x = rm instanceof Mem ? high[0] : 0;
    int rex = 0x40 | (w << 3) | ((reg >> 3) << 2) | (x << 1) | high[1];
    if (rex != 0x40) {
      put(rex);
    }
  }
}
