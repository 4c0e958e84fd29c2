package dev.nearside.tensor.kernel.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a routine's list of instructions as the manual describes them, on any machine: registers are
 * arrays, memory is the process's own. An instruction that it does not know is an error.
 */
public final class Interpreter {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final long STACK = 4096;
  private static final long STEPS = 500_000_000;

  private final long[] general = new long[16];
  private final byte[][] vectors = new byte[32][64];
  private final int[] masks = new int[8];
  private final Map<Label, Long> constants = new HashMap<>();
  private long compared; // as CMP, SUB and ADD leave it: their signed result
  private Code code = new Code(List.of(), Map.of(), Map.of(), new byte[0]);

  /** Calls a routine as Linux does: its argument in RDI. */
  public void call(Code routine, long argument) {
    code = routine;
    try (Arena arena = Arena.ofConfined()) {
      constants.clear();
      routine
          .constants()
          .forEach((label, bytes) -> {
            MemorySegment place = arena.allocate(bytes.length, 64);
            place.copyFrom(MemorySegment.ofArray(bytes));
            constants.put(label, place.address());
          });
      general[Gpr.RDI.number()] = argument;
      general[Gpr.RSP.number()] = arena.allocate(STACK, 64).address() + STACK;
      int at = 0;
      for (long steps = 0; at >= 0; steps++) {
        if (steps > STEPS) {
          throw new IllegalStateException("the routine does not end");
        }
        at = step(routine.instructions().get(at), at);
      }
    }
  }

  // The number of the next instruction; -1 at the end.
  private int step(Instruction i, int at) {
    return switch (i.op()) {
      case RET -> -1;
      case JMP -> target(i);
      case JE -> compared == 0 ? target(i) : at + 1;
      case JNE -> compared != 0 ? target(i) : at + 1;
      case JL -> compared < 0 ? target(i) : at + 1;
      case JGE -> compared >= 0 ? target(i) : at + 1;
      case JLE -> compared <= 0 ? target(i) : at + 1;
      case JG -> compared > 0 ? target(i) : at + 1;
      default -> {
        if (i.op().kind == Op.Kind.GENERAL) {
          general(i);
        } else {
          vector(i);
        }
        yield at + 1;
      }
    };
  }

  private int target(Instruction i) {
    return Objects.requireNonNull(code.labels().get((Label) i.operands().getFirst()));
  }

  private void general(Instruction i) {
    Operand a = i.operands().getFirst();
    switch (i.op()) {
      case PUSH -> {
        general[Gpr.RSP.number()] -= 8;
        ALL.set(ValueLayout.JAVA_LONG, general[Gpr.RSP.number()], register(a));
      }
      case POP -> {
        set(a, ALL.get(ValueLayout.JAVA_LONG, general[Gpr.RSP.number()]));
        general[Gpr.RSP.number()] += 8;
      }
      case MOV, MOV_IMM -> set(a, value(i, 1));
      case MOV_STORE ->
          ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address((Mem) a), register(i.operands().get(1)));
      case MOVL -> set(a, ALL.get(ValueLayout.JAVA_INT_UNALIGNED, place(i, 1)) & 0xFFFF_FFFFL);
      case LEA -> set(a, place(i, 1));
      case ADD, ADD_IMM -> set(a, compared = register(a) + value(i, 1));
      case SUB, SUB_IMM -> set(a, compared = register(a) - value(i, 1));
      case AND_IMM -> set(a, compared = register(a) & value(i, 1));
      case CMP, CMP_IMM -> compared = register(a) - value(i, 1);
      case IMUL -> set(a, register(a) * value(i, 1));
      case SHL -> set(a, register(a) << value(i, 1));
      case SHR -> set(a, register(a) >>> value(i, 1));
      case PREFETCHT0 -> {}
      default -> throw unknown(i);
    }
  }

  private long value(Instruction i, int operand) {
    return switch (i.operands().get(operand)) {
      case Imm imm -> imm.value();
      case Gpr g -> general[g.number()];
      case Mem m -> ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address(m));
      default -> throw unknown(i);
    };
  }

  private long register(Operand o) {
    return general[((Gpr) o).number()];
  }

  private void set(Operand o, long value) {
    general[((Gpr) o).number()] = value;
  }

  private long place(Instruction i, int operand) {
    return address((Mem) i.operands().get(operand));
  }

  private long address(Mem m) {
    Label label = m.label();
    if (label != null) {
      return Objects.requireNonNull(constants.get(label), label::toString);
    }
    Gpr index = m.index();
    return general[Objects.requireNonNull(m.base()).number()]
        + (index == null ? 0 : general[index.number()] * m.scale())
        + m.disp();
  }

  private void vector(Instruction i) {
    int bytes = i.vectorBytes();
    switch (i.op()) {
      case VZEROUPPER -> {
        for (int v = 0; v < 16; v++) {
          Arrays.fill(vectors[v], 16, 64, (byte) 0);
        }
      }
      case VMOVUPS, VMOVAPS, VMOVDQU, VMOVDQU32 -> write(i, source(i, 1, bytes));
      case VMOVUPS_STORE, VMOVAPS_STORE, VMOVDQU_STORE, VMOVDQU32_STORE -> {
        byte[] from = vectors[((Vec) i.operands().get(1)).number()];
        MemorySegment.copy(
            MemorySegment.ofArray(from), 0, ALL, address((Mem) i.operands().getFirst()), bytes);
      }
      case VPBROADCASTD, VBROADCASTSS -> {
        int word = intAt(source(i, 1, 4), 0);
        write(i, ints(bytes, lane -> word));
      }
      case VPBROADCASTW -> {
        byte[] from = source(i, 1, 2);
        int half = (from[0] & 0xFF) | (from[1] & 0xFF) << 8;
        write(i, ints(bytes, lane -> half | half << 16));
      }
      case VPEXTRW_STORE -> {
        byte[] from = vectors[((Vec) i.operands().get(1)).number()];
        MemorySegment.copy(
            MemorySegment.ofArray(from),
            2L * imm(i, 2),
            ALL,
            address((Mem) i.operands().getFirst()),
            2);
      }
      case VEXTRACTF128 -> {
        byte[] from = vectors[((Vec) i.operands().get(1)).number()];
        byte[] half = Arrays.copyOfRange(from, 16 * imm(i, 2), 16 * imm(i, 2) + 16);
        Arrays.fill(vectors[target(i.operands().getFirst()).number()], (byte) 0);
        System.arraycopy(half, 0, vectors[target(i.operands().getFirst()).number()], 0, 16);
      }
      case VCVTPS2PH -> {
        byte[] from = vectors[((Vec) i.operands().get(1)).number()];
        byte[] out = new byte[bytes / 2];
        for (int lane = 0; lane < bytes / 4; lane++) {
          short half = Float.floatToFloat16(floatAt(from, lane));
          out[2 * lane] = (byte) half;
          out[2 * lane + 1] = (byte) (half >> 8);
        }
        switch (i.operands().getFirst()) {
          case Mem m ->
              MemorySegment.copy(MemorySegment.ofArray(out), 0, ALL, address(m), out.length);
          case Operand o -> {
            Arrays.fill(vectors[target(o).number()], (byte) 0);
            System.arraycopy(out, 0, vectors[target(o).number()], 0, out.length);
          }
        }
      }
      case KMOVW -> masks[((Mask) i.operands().getFirst()).number()] = (int) value(i, 1) & 0xFFFF;
      case VMAXPS -> floats(i, (a, b) -> a > b ? a : b); // the second where they are unordered
      case VMINPS -> floats(i, (a, b) -> a < b ? a : b);
      case VSQRTPS -> {
        byte[] from = source(i, 1, bytes);
        write(i, ints(bytes, lane -> bits((float) Math.sqrt(floatAt(from, lane)))));
      }
      case VCVTPS2DQ -> {
        byte[] from = source(i, 1, bytes);
        write(i, ints(bytes, lane -> (int) Math.rint(floatAt(from, lane))));
      }
      case VCMPPS -> compare(i);
      case VBLENDMPS -> {
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        int chosen = masks[((Masked) i.operands().getFirst()).mask().number()];
        byte[] out =
            ints(bytes, lane -> (chosen >> lane & 1) != 0 ? intAt(b, lane) : intAt(a, lane));
        System.arraycopy(out, 0, vectors[target(i.operands().getFirst()).number()], 0, bytes);
      }
      case VSHUFPS -> {
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        int how = imm(i, 3);
        write(
            i,
            ints(
                bytes,
                lane -> {
                  int from = lane / 4 * 4 + (how >> (lane % 4 * 2) & 3);
                  return intAt(lane % 4 < 2 ? a : b, from);
                }));
      }
      case VSHUFF32X4 -> {
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        int how = imm(i, 3);
        write(
            i,
            ints(
                bytes,
                lane -> {
                  int from = 4 * (how >> (lane / 4 * 2) & 3) + lane % 4;
                  return intAt(lane < 8 ? a : b, from);
                }));
      }
      case VPERMT2PS -> {
        byte[] table = old(i);
        byte[] index = source(i, 1, bytes);
        byte[] more = source(i, 2, bytes);
        write(
            i,
            ints(
                bytes,
                lane -> {
                  int from = intAt(index, lane) & 31;
                  return from < 16 ? intAt(table, from) : intAt(more, from - 16);
                }));
      }
      case VPMOVDB -> {
        byte[] from = vectors[((Vec) i.operands().get(1)).number()];
        long place = address((Mem) i.operands().getFirst());
        for (int lane = 0; lane < bytes / 4; lane++) {
          ALL.set(ValueLayout.JAVA_BYTE, place + lane, from[4 * lane]);
        }
      }
      case VPXORD, VPXOR -> bitwise(i, (a, b) -> a ^ b);
      case VPANDD, VPAND -> bitwise(i, (a, b) -> a & b);
      case VPORD, VPOR -> bitwise(i, (a, b) -> a | b);
      case VPADDD -> bitwise(i, Integer::sum);
      case VPSUBD -> bitwise(i, (a, b) -> a - b);
      case VMULPS -> floats(i, (a, b) -> a * b);
      case VADDPS -> floats(i, Float::sum);
      case VSUBPS -> floats(i, (a, b) -> a - b);
      case VDIVPS -> floats(i, (a, b) -> a / b);
      case VPSLLD -> shift(i, (x, by) -> by > 31 ? 0 : x << by);
      case VPSRLD -> shift(i, (x, by) -> by > 31 ? 0 : x >>> by);
      case VPSRAD -> shift(i, (x, by) -> x >> Math.min(by, 31));
      case VPSRLW -> {
        byte[] from = source(i, 1, bytes);
        int by = imm(i, 2);
        write(
            i,
            ints(
                bytes,
                lane -> {
                  int x = intAt(from, lane);
                  return ((x & 0xFFFF) >>> by) | ((x >>> 16 >>> by) << 16);
                }));
      }
      case VPTERNLOGD -> {
        byte[] a = old(i);
        byte[] b = source(i, 1, bytes);
        byte[] c = source(i, 2, bytes);
        int table = imm(i, 3) & 0xFF;
        write(
            i, ints(bytes, lane -> ternary(intAt(a, lane), intAt(b, lane), intAt(c, lane), table)));
      }
      case VPSHUFB -> {
        byte[] from = source(i, 1, bytes);
        byte[] index = source(i, 2, bytes);
        byte[] out = new byte[bytes];
        for (int k = 0; k < bytes; k++) {
          out[k] = index[k] < 0 ? 0 : from[k / 16 * 16 + (index[k] & 15)];
        }
        write(i, out);
      }
      case VPDPBUSD -> {
        byte[] sum = old(i);
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        write(
            i,
            ints(
                bytes,
                lane -> {
                  int out = intAt(sum, lane);
                  for (int k = 4 * lane; k < 4 * lane + 4; k++) {
                    out += (a[k] & 0xFF) * b[k];
                  }
                  return out;
                }));
      }
      case VFMADD231PS -> {
        byte[] sum = old(i);
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        write(
            i,
            ints(
                bytes,
                lane -> bits(Math.fma(floatAt(a, lane), floatAt(b, lane), floatAt(sum, lane)))));
      }
      case VFNMADD231PS -> {
        byte[] sum = old(i);
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        write(
            i,
            ints(
                bytes,
                lane -> bits(Math.fma(-floatAt(a, lane), floatAt(b, lane), floatAt(sum, lane)))));
      }
      case VFMADD213PS -> {
        byte[] x = old(i);
        byte[] a = source(i, 1, bytes);
        byte[] b = source(i, 2, bytes);
        write(
            i,
            ints(
                bytes,
                lane -> bits(Math.fma(floatAt(a, lane), floatAt(x, lane), floatAt(b, lane)))));
      }
      case VPMOVZXWD -> {
        byte[] from = source(i, 1, bytes / 2);
        write(i, ints(bytes, lane -> (from[2 * lane] & 0xFF) | (from[2 * lane + 1] & 0xFF) << 8));
      }
      case VCVTDQ2PS -> {
        byte[] from = source(i, 1, bytes);
        write(i, ints(bytes, lane -> bits((float) intAt(from, lane))));
      }
      case VCVTPH2PS -> {
        byte[] from = source(i, 1, bytes / 2);
        write(
            i,
            ints(
                bytes,
                lane ->
                    bits(
                        Float.float16ToFloat(
                            (short) ((from[2 * lane] & 0xFF) | (from[2 * lane + 1] << 8))))));
      }
      case VPMOVSXBD -> {
        byte[] from = source(i, 1, bytes / 4);
        write(i, ints(bytes, lane -> from[lane]));
      }
      case VPMOVZXBD -> {
        byte[] from = source(i, 1, bytes / 4);
        write(i, ints(bytes, lane -> from[lane] & 0xFF));
      }
      default -> throw unknown(i);
    }
  }

  private void compare(Instruction i) {
    byte[] a = source(i, 1, i.vectorBytes());
    byte[] b = source(i, 2, i.vectorBytes());
    if (imm(i, 3) != 0x0D) {
      throw unknown(i); // greater or equal is all that is used
    }
    int out = 0;
    for (int lane = 0; lane < i.vectorBytes() / 4; lane++) {
      out |= floatAt(a, lane) >= floatAt(b, lane) ? 1 << lane : 0;
    }
    masks[((Mask) i.operands().getFirst()).number()] = out;
  }

  private static int ternary(int a, int b, int c, int table) {
    int out = 0;
    for (int row = 0; row < 8; row++) {
      if (((table >> row) & 1) == 1) {
        out |= ((row & 4) != 0 ? a : ~a) & ((row & 2) != 0 ? b : ~b) & ((row & 1) != 0 ? c : ~c);
      }
    }
    return out;
  }

  private interface Lane {
    int at(int lane);
  }

  private interface Two {
    int of(int a, int b);
  }

  private interface TwoFloats {
    float of(float a, float b);
  }

  private void bitwise(Instruction i, Two how) {
    int bytes = i.vectorBytes();
    byte[] a = source(i, 1, bytes);
    byte[] b = source(i, 2, bytes);
    write(i, ints(bytes, lane -> how.of(intAt(a, lane), intAt(b, lane))));
  }

  private void floats(Instruction i, TwoFloats how) {
    int bytes = i.vectorBytes();
    byte[] a = source(i, 1, bytes);
    byte[] b = source(i, 2, bytes);
    write(i, ints(bytes, lane -> bits(how.of(floatAt(a, lane), floatAt(b, lane)))));
  }

  private void shift(Instruction i, Two how) {
    int bytes = i.vectorBytes();
    byte[] a = source(i, 1, bytes);
    int by = imm(i, 2);
    write(i, ints(bytes, lane -> how.of(intAt(a, lane), by)));
  }

  private static int imm(Instruction i, int operand) {
    return (int) ((Imm) i.operands().get(operand)).value();
  }

  // What the destination held.
  private byte[] old(Instruction i) {
    return vectors[target(i.operands().getFirst()).number()].clone();
  }

  private static Vec target(Operand operand) {
    return operand instanceof Masked masked ? masked.vec() : (Vec) operand;
  }

  // Bytes that an operand stands for.
  private byte[] source(Instruction i, int operand, int bytes) {
    return switch (i.operands().get(operand)) {
      case Vec v -> vectors[v.number()].clone();
      case Mem m -> {
        byte[] out = new byte[bytes];
        int unit = m.isBroadcast() ? 4 : bytes;
        for (int at = 0; at < bytes; at += unit) {
          MemorySegment.copy(ALL, address(m), MemorySegment.ofArray(out), at, unit);
        }
        yield out;
      }
      default -> throw unknown(i);
    };
  }

  // What is above the destination becomes zero, and of a masked one the lanes not chosen stay, or
  // do.
  private void write(Instruction i, byte[] value) {
    Operand operand = i.operands().getFirst();
    byte[] to = vectors[target(operand).number()];
    byte[] before = to.clone();
    Arrays.fill(to, (byte) 0);
    System.arraycopy(value, 0, to, 0, i.vectorBytes());
    if (operand instanceof Masked masked) {
      for (int lane = 0; lane < i.vectorBytes() / 4; lane++) {
        if ((masks[masked.mask().number()] >> lane & 1) == 0) {
          if (masked.isZeroing()) {
            Arrays.fill(to, 4 * lane, 4 * lane + 4, (byte) 0);
          } else {
            System.arraycopy(before, 4 * lane, to, 4 * lane, 4);
          }
        }
      }
    }
  }

  private static byte[] ints(int bytes, Lane of) {
    byte[] out = new byte[bytes];
    for (int lane = 0; lane < bytes / 4; lane++) {
      int x = of.at(lane);
      for (int k = 0; k < 4; k++) {
        out[4 * lane + k] = (byte) (x >> (8 * k));
      }
    }
    return out;
  }

  private static int intAt(byte[] from, int lane) {
    int at = 4 * lane;
    return (from[at] & 0xFF)
        | ((from[at + 1] & 0xFF) << 8)
        | ((from[at + 2] & 0xFF) << 16)
        | (from[at + 3] << 24);
  }

  private static float floatAt(byte[] from, int lane) {
    return Float.intBitsToFloat(intAt(from, lane));
  }

  private static int bits(float x) {
    return Float.floatToRawIntBits(x);
  }

  private static IllegalStateException unknown(Instruction i) {
    return new IllegalStateException("not interpreted: " + i);
  }
}
