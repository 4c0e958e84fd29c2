package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Pieces of routines that read a panel: codes become bytes, scales become floats, 16 rows at a
 * time. RSI points to what comes before the codes of the block.
 */
final class PanelCode {
  private static final int QUAD = 4 * PanelFormat.ROWS;

  /** Registers that codes need beside their own. */
  static final int REGISTERS = 5;

  private final Assembler a;
  private final PanelFormat format;
  private final Vec lowMask;
  private final Vec highMask;
  private final Vec[] planes;
  private final Vec shifted;
  private final Mem low;
  private final Mem high;

  /**
   * @param first of {@link #REGISTERS} registers
   */
  PanelCode(Assembler a, PanelFormat format, int first) {
    this.a = a;
    this.format = format;
    lowMask = Vec.zmm(first);
    highMask = Vec.zmm(first + 1);
    planes = new Vec[] {Vec.zmm(first + 2), Vec.zmm(first + 3)};
    shifted = Vec.zmm(first + 4);
    low = a.constant("low", 0x0F0F0F0F);
    high = format.table() == null ? highBits() : fourTimes(format.table());
  }

  private Mem highBits() {
    return a.constant("high", format.bits() == PanelFormat.Bits.FIVES ? 0x10101010 : 0x30303030);
  }

  private Mem fourTimes(byte[] table) {
    byte[] four = new byte[64];
    for (int i = 0; i < four.length; i++) {
      four[i] = table[i % 16];
    }
    return a.constant("table", four);
  }

  /** Code for a block of 32 columns. */
  @FunctionalInterface
  interface Block {
    /**
     * @param scales points to the scales of the unit
     * @param codesAt where the block's codes begin, from RSI
     */
    void write(Gpr scales, int codesAt);
  }

  /** Has RSI run down a panel, block by block; uses RDX, R8 and R15. */
  void blocks(Block block) {
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, CodesRoutine.UNITS));
    Label unit = a.here("unit");
    if (format.isSuper()) {
      a.mov(Gpr.R15, Gpr.RSI);
      a.add(Gpr.RSI, format.unitScaleBytes());
      a.mov(Gpr.RDX, format.unitCols() / PanelFormat.BLOCK);
      Label next = a.here("block");
      block.write(Gpr.R15, format.scaleCodeBytes());
      a.add(Gpr.RSI, format.blockBytes());
      a.sub(Gpr.RDX, 1);
      a.jne(next);
    } else {
      block.write(Gpr.RSI, format.unitScaleBytes());
      a.add(Gpr.RSI, format.unitBytes());
    }
    a.sub(Gpr.R8, 1);
    a.jne(unit);
  }

  /** Loads what {@link #decode} needs. */
  void constants() {
    PanelFormat.Bits bits = format.bits();
    if (bits == PanelFormat.Bits.BYTES) {
      return;
    }
    a.vpbroadcastd(lowMask, low);
    if (format.table() != null) {
      a.vmovdqu32(highMask, high);
    } else if (bits != PanelFormat.Bits.NIBBLES) {
      a.vpbroadcastd(highMask, high);
    }
  }

  /**
   * The codes of four columns, unsigned. Of a block or group the quads come in their order.
   *
   * @param quad 0 to 7
   * @param half rows 0 to 15 or 16 to 31
   * @param codesAt where the block's codes begin, from RSI
   */
  void decode(Vec into, int quad, int half, int codesAt) {
    PanelFormat.Bits bits = format.bits();
    int quadsAt = codesAt + bits.planes * QUAD;
    int at = 64 * half;
    if (bits == PanelFormat.Bits.BYTES) {
      a.vmovdqu32(into, Mem.at(Gpr.RSI, quadsAt + quad * QUAD + at));
      return;
    }
    Mem place = Mem.at(Gpr.RSI, quadsAt + quad % 4 * QUAD + at);
    if (quad < 4) {
      a.vpandd(into, lowMask, place);
    } else {
      a.vpsrlw(into, place, 4);
      a.vpandd(into, into, lowMask);
    }
    switch (bits) {
      case FIVES -> {
        if (quad == 0) {
          a.vmovdqu32(planes[half], Mem.at(Gpr.RSI, codesAt + at));
        }
        higherBits(into, half, 4 - quad);
      }
      case SIXES -> {
        if (quad % 4 == 0) {
          a.vmovdqu32(planes[half], Mem.at(Gpr.RSI, codesAt + quad / 4 * QUAD + at));
        }
        higherBits(into, half, 4 - 2 * (quad % 4));
      }
      case NIBBLES -> {
        if (format.table() != null) {
          a.vpshufb(into, highMask, into);
        }
      }
      case BYTES -> {}
    }
  }

  // Codes or (the plane shifted to the left by so many bits, of which the mask leaves some).
  private void higherBits(Vec codes, int half, int left) {
    Vec from = shifted;
    if (left > 0) {
      a.vpslld(shifted, planes[half], left);
    } else if (left < 0) {
      a.vpsrld(shifted, planes[half], -left);
    } else {
      from = planes[half];
    }
    a.vpternlogd(codes, from, highMask, 0xF8); // a | (b & c)
  }

  /**
   * Scales or offsets of 16 rows in a group of the block.
   *
   * @param scales where the unit's scales begin
   * @param t scratch
   */
  void scale(Vec into, Gpr scales, int half, int group, boolean isOffset, Vec t) {
    int second = isOffset ? 1 : 0;
    Mem halves = Mem.at(scales, second * 64 + half * 32);
    if (format.isSuper()) {
      int code = (second * format.groups() + group) * PanelFormat.ROWS + half * 16;
      a.vpmovsxbd(into, Mem.at(Gpr.RSI, code));
      a.vcvtdq2ps(into, into);
      a.vcvtph2ps(t, halves);
      a.vmulps(into, into, t);
    } else if (format.hasWideScales()) {
      a.vmovups(into, Mem.at(scales, second * 128 + half * 64));
    } else {
      a.vcvtph2ps(into, halves);
    }
  }
}
