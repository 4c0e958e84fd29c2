package dev.nearside.tensor.kernel.x86;

import java.util.Locale;

/**
 * The instructions, each in one form: a name ending in {@code _STORE} writes its register to
 * memory, {@code _IMM} takes a number. The numbers are those of the manual: the prefix, the map, W,
 * the opcode, and what stands in ModRM's register field where no operand does.
 */
public enum Op {
  // AVX and AVX2, which AVX-512 has for its registers too
  VADDPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x58, 0, Tuple.FULL),
  VMULPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x59, 0, Tuple.FULL),
  VSUBPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x5C, 0, Tuple.FULL),
  VDIVPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x5E, 0, Tuple.FULL),
  VMINPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x5D, 0, Tuple.FULL),
  VMAXPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x5F, 0, Tuple.FULL),
  VSQRTPS(Kind.VEX_OR_EVEX, Form.RM, 0, 1, 0, 0x51, 0, Tuple.FULL),
  VFMADD132PS(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x98, 0, Tuple.FULL),
  VFMADD213PS(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0xA8, 0, Tuple.FULL),
  VFMADD231PS(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0xB8, 0, Tuple.FULL),
  VFNMADD231PS(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0xBC, 0, Tuple.FULL),
  VBROADCASTSS(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x18, 0, Tuple.ELEM_4),
  VPBROADCASTD(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x58, 0, Tuple.ELEM_4),
  VPBROADCASTW(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x79, 0, Tuple.ELEM_2),
  VPADDD(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xFE, 0, Tuple.FULL),
  VPSUBD(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xFA, 0, Tuple.FULL),
  VPMULLD(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x40, 0, Tuple.FULL),
  VPADDB(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xFC, 0, Tuple.FULL_MEM),
  VPSUBB(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xF8, 0, Tuple.FULL_MEM),
  VPADDW(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xFD, 0, Tuple.FULL_MEM),
  VPSUBW(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xF9, 0, Tuple.FULL_MEM),
  VPMADDWD(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0xF5, 0, Tuple.FULL_MEM),
  VPMADDUBSW(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x04, 0, Tuple.FULL_MEM),
  VPSHUFB(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x00, 0, Tuple.FULL_MEM),
  VPUNPCKLBW(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x60, 0, Tuple.FULL_MEM),
  VPUNPCKHBW(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x68, 0, Tuple.FULL_MEM),
  VPUNPCKLWD(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x61, 0, Tuple.FULL_MEM),
  VPUNPCKHWD(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x69, 0, Tuple.FULL_MEM),
  VPUNPCKLDQ(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x62, 0, Tuple.FULL),
  VPUNPCKHDQ(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x6A, 0, Tuple.FULL),
  VPACKSSDW(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x6B, 0, Tuple.FULL),
  VPACKSSWB(Kind.VEX_OR_EVEX, Form.RVM, 1, 1, 0, 0x63, 0, Tuple.FULL_MEM),
  VPSLLD(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x72, 6, Tuple.FULL),
  VPSRLD(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x72, 2, Tuple.FULL),
  VPSRAD(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x72, 4, Tuple.FULL),
  VPSLLW(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x71, 6, Tuple.FULL_MEM),
  VPSRLW(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x71, 2, Tuple.FULL_MEM),
  VPSRAW(Kind.VEX_OR_EVEX, Form.VMI, 1, 1, 0, 0x71, 4, Tuple.FULL_MEM),
  VCVTDQ2PS(Kind.VEX_OR_EVEX, Form.RM, 0, 1, 0, 0x5B, 0, Tuple.FULL),
  VCVTPS2DQ(Kind.VEX_OR_EVEX, Form.RM, 1, 1, 0, 0x5B, 0, Tuple.FULL),
  VCVTPH2PS(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x13, 0, Tuple.HALF),
  VCVTPS2PH(Kind.VEX_OR_EVEX, Form.MRI, 1, 3, 0, 0x1D, 0, Tuple.HALF),
  VPMOVZXBD(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x31, 0, Tuple.QUARTER),
  VPMOVSXBD(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x21, 0, Tuple.QUARTER),
  VPMOVZXWD(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x33, 0, Tuple.HALF),
  VPMOVSXWD(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x23, 0, Tuple.HALF),
  VPMOVZXBW(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x30, 0, Tuple.HALF),
  VPMOVSXBW(Kind.VEX_OR_EVEX, Form.RM, 1, 2, 0, 0x20, 0, Tuple.HALF),
  VPERMD(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x36, 0, Tuple.FULL),
  VPERMPS(Kind.VEX_OR_EVEX, Form.RVM, 1, 2, 0, 0x16, 0, Tuple.FULL),
  VANDPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x54, 0, Tuple.FULL),
  VANDNPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x55, 0, Tuple.FULL),
  VORPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x56, 0, Tuple.FULL),
  VXORPS(Kind.VEX_OR_EVEX, Form.RVM, 0, 1, 0, 0x57, 0, Tuple.FULL),
  VSHUFPS(Kind.VEX_OR_EVEX, Form.RVMI, 0, 1, 0, 0xC6, 0, Tuple.FULL),
  VMOVUPS(Kind.VEX_OR_EVEX, Form.RM, 0, 1, 0, 0x10, 0, Tuple.FULL_MEM),
  VMOVUPS_STORE(Kind.VEX_OR_EVEX, Form.MR, 0, 1, 0, 0x11, 0, Tuple.FULL_MEM),
  VMOVAPS(Kind.VEX_OR_EVEX, Form.RM, 0, 1, 0, 0x28, 0, Tuple.FULL_MEM),
  VMOVAPS_STORE(Kind.VEX_OR_EVEX, Form.MR, 0, 1, 0, 0x29, 0, Tuple.FULL_MEM),

  // AVX, AVX2, and moves to mask registers
  VMOVDQU(Kind.VEX, Form.RM, 2, 1, 0, 0x6F, 0, Tuple.FULL_MEM),
  VMOVDQU_STORE(Kind.VEX, Form.MR, 2, 1, 0, 0x7F, 0, Tuple.FULL_MEM),
  VPAND(Kind.VEX, Form.RVM, 1, 1, 0, 0xDB, 0, Tuple.FULL_MEM),
  VPOR(Kind.VEX, Form.RVM, 1, 1, 0, 0xEB, 0, Tuple.FULL_MEM),
  VPXOR(Kind.VEX, Form.RVM, 1, 1, 0, 0xEF, 0, Tuple.FULL_MEM),
  VROUNDPS(Kind.VEX, Form.RMI, 1, 3, 0, 0x08, 0, Tuple.FULL_MEM),
  VBLENDVPS(Kind.VEX, Form.RVMR, 1, 3, 0, 0x4A, 0, Tuple.FULL_MEM),
  VCMPPS_YMM(Kind.VEX, Form.RVMI, 0, 1, 0, 0xC2, 0, Tuple.FULL_MEM),
  VEXTRACTF128(Kind.VEX, Form.MRI, 1, 3, 0, 0x19, 0, Tuple.HALF),
  VINSERTI128(Kind.VEX, Form.RVMI, 1, 3, 0, 0x38, 0, Tuple.HALF),
  VPERM2I128(Kind.VEX, Form.RVMI, 1, 3, 0, 0x46, 0, Tuple.FULL_MEM),
  VPEXTRW_STORE(Kind.VEX, Form.MRI, 1, 3, 0, 0x15, 0, Tuple.ELEM_2),
  KMOVW(Kind.VEX, Form.RM, 0, 1, 0, 0x92, 0, Tuple.NONE),
  KMOVQ(Kind.VEX, Form.RM, 0, 1, 1, 0x90, 0, Tuple.ELEM_8),
  VZEROUPPER(Kind.VEX, Form.O, 0, 1, 0, 0x77, 0, Tuple.NONE),

  // AVX-512: F, BW, VNNI, BF16
  VMOVDQU32(Kind.EVEX, Form.RM, 2, 1, 0, 0x6F, 0, Tuple.FULL_MEM),
  VMOVDQU32_STORE(Kind.EVEX, Form.MR, 2, 1, 0, 0x7F, 0, Tuple.FULL_MEM),
  VPANDD(Kind.EVEX, Form.RVM, 1, 1, 0, 0xDB, 0, Tuple.FULL),
  VPORD(Kind.EVEX, Form.RVM, 1, 1, 0, 0xEB, 0, Tuple.FULL),
  VPXORD(Kind.EVEX, Form.RVM, 1, 1, 0, 0xEF, 0, Tuple.FULL),
  VPTERNLOGD(Kind.EVEX, Form.RVMI, 1, 3, 0, 0x25, 0, Tuple.FULL),
  VPDPBUSD(Kind.EVEX, Form.RVM, 1, 2, 0, 0x50, 0, Tuple.FULL),
  VPDPWSSD(Kind.EVEX, Form.RVM, 1, 2, 0, 0x52, 0, Tuple.FULL),
  VDPBF16PS(Kind.EVEX, Form.RVM, 2, 2, 0, 0x52, 0, Tuple.FULL),
  VCVTNE2PS2BF16(Kind.EVEX, Form.RVM, 3, 2, 0, 0x72, 0, Tuple.FULL),
  VCVTNEPS2BF16(Kind.EVEX, Form.RM, 2, 2, 0, 0x72, 0, Tuple.FULL),
  VRNDSCALEPS(Kind.EVEX, Form.RMI, 1, 3, 0, 0x08, 0, Tuple.FULL),
  VSCALEFPS(Kind.EVEX, Form.RVM, 1, 2, 0, 0x2C, 0, Tuple.FULL),
  VPMOVDB(Kind.EVEX, Form.MR, 2, 2, 0, 0x31, 0, Tuple.QUARTER),
  VPMOVDW(Kind.EVEX, Form.MR, 2, 2, 0, 0x33, 0, Tuple.HALF),
  VPMOVSDB(Kind.EVEX, Form.MR, 2, 2, 0, 0x21, 0, Tuple.QUARTER),
  VEXTRACTF32X4(Kind.EVEX, Form.MRI, 1, 3, 0, 0x19, 0, Tuple.ELEM_16),
  VEXTRACTF64X4(Kind.EVEX, Form.MRI, 1, 3, 1, 0x1B, 0, Tuple.ELEM_32),
  VINSERTF64X4(Kind.EVEX, Form.RVMI, 1, 3, 1, 0x1A, 0, Tuple.ELEM_32),
  VSHUFF32X4(Kind.EVEX, Form.RVMI, 1, 3, 0, 0x23, 0, Tuple.FULL),
  VCMPPS(Kind.EVEX, Form.RVMI, 0, 1, 0, 0xC2, 0, Tuple.FULL),
  VBLENDMPS(Kind.EVEX, Form.RVM, 1, 2, 0, 0x65, 0, Tuple.FULL),
  VPERMT2PS(Kind.EVEX, Form.RVM, 1, 2, 0, 0x7F, 0, Tuple.FULL),
  VPBROADCASTD_GPR(Kind.EVEX, Form.RM, 1, 2, 0, 0x7C, 0, Tuple.NONE),
  VPABSD(Kind.EVEX, Form.RM, 1, 2, 0, 0x1E, 0, Tuple.FULL),

  // AMX
  LDTILECFG(Kind.VEX, Form.M, 0, 2, 0, 0x49, 0, Tuple.NONE),
  TILELOADD(Kind.VEX, Form.RM, 3, 2, 0, 0x4B, 0, Tuple.NONE),
  TILESTORED(Kind.VEX, Form.MR, 2, 2, 0, 0x4B, 0, Tuple.NONE),
  TILEZERO(Kind.VEX, Form.R, 3, 2, 0, 0x49, 0, Tuple.NONE),
  TILERELEASE(Kind.VEX, Form.O, 0, 2, 0, 0x49, 0, Tuple.NONE),
  TDPBSSD(Kind.VEX, Form.RMV, 3, 2, 0, 0x5E, 0, Tuple.NONE),
  TDPBUSD(Kind.VEX, Form.RMV, 1, 2, 0, 0x5E, 0, Tuple.NONE),
  TDPBSUD(Kind.VEX, Form.RMV, 2, 2, 0, 0x5E, 0, Tuple.NONE),
  TDPBF16PS(Kind.VEX, Form.RMV, 2, 2, 0, 0x5C, 0, Tuple.NONE),

  // general registers
  MOV(Kind.GENERAL, Form.GM, 0, 0, 1, 0x8B, 0, Tuple.NONE),
  MOV_STORE(Kind.GENERAL, Form.MG, 0, 0, 1, 0x89, 0, Tuple.NONE),
  MOV_IMM(Kind.GENERAL, Form.GI, 0, 0, 1, 0xC7, 0, Tuple.NONE),
  MOVL(Kind.GENERAL, Form.GM, 0, 0, 0, 0x8B, 0, Tuple.NONE),
  MOVL_STORE(Kind.GENERAL, Form.MG, 0, 0, 0, 0x89, 0, Tuple.NONE),
  LEA(Kind.GENERAL, Form.GM, 0, 0, 1, 0x8D, 0, Tuple.NONE),
  ADD(Kind.GENERAL, Form.GM, 0, 0, 1, 0x03, 0, Tuple.NONE),
  ADD_IMM(Kind.GENERAL, Form.GI, 0, 0, 1, 0x81, 0, Tuple.NONE),
  SUB(Kind.GENERAL, Form.GM, 0, 0, 1, 0x2B, 0, Tuple.NONE),
  SUB_IMM(Kind.GENERAL, Form.GI, 0, 0, 1, 0x81, 5, Tuple.NONE),
  AND_IMM(Kind.GENERAL, Form.GI, 0, 0, 1, 0x81, 4, Tuple.NONE),
  CMP(Kind.GENERAL, Form.GM, 0, 0, 1, 0x3B, 0, Tuple.NONE),
  CMP_IMM(Kind.GENERAL, Form.GI, 0, 0, 1, 0x81, 7, Tuple.NONE),
  IMUL(Kind.GENERAL, Form.GM, 0, 1, 1, 0xAF, 0, Tuple.NONE),
  SHL(Kind.GENERAL, Form.GS, 0, 0, 1, 0xC1, 4, Tuple.NONE),
  SHR(Kind.GENERAL, Form.GS, 0, 0, 1, 0xC1, 5, Tuple.NONE),
  PUSH(Kind.GENERAL, Form.G, 0, 0, 0, 0x50, 0, Tuple.NONE),
  POP(Kind.GENERAL, Form.G, 0, 0, 0, 0x58, 0, Tuple.NONE),
  RET(Kind.GENERAL, Form.O, 0, 0, 0, 0xC3, 0, Tuple.NONE),
  JMP(Kind.GENERAL, Form.J, 0, 0, 0, 0xE9, 0, Tuple.NONE),
  JE(Kind.GENERAL, Form.J, 0, 1, 0, 0x84, 0, Tuple.NONE),
  JNE(Kind.GENERAL, Form.J, 0, 1, 0, 0x85, 0, Tuple.NONE),
  JL(Kind.GENERAL, Form.J, 0, 1, 0, 0x8C, 0, Tuple.NONE),
  JGE(Kind.GENERAL, Form.J, 0, 1, 0, 0x8D, 0, Tuple.NONE),
  JLE(Kind.GENERAL, Form.J, 0, 1, 0, 0x8E, 0, Tuple.NONE),
  JG(Kind.GENERAL, Form.J, 0, 1, 0, 0x8F, 0, Tuple.NONE),
  PREFETCHT0(Kind.GENERAL, Form.M, 0, 1, 0, 0x18, 1, Tuple.NONE),
  CPUID(Kind.GENERAL, Form.O, 0, 1, 0, 0xA2, 0, Tuple.NONE),
  XGETBV(Kind.GENERAL, Form.O, 0, 1, 0, 0x01, 0, Tuple.NONE);

  /** How an instruction begins. */
  enum Kind {
    GENERAL,
    VEX,
    EVEX,
    /** VEX where that can be: no mask, no broadcast, no register from 16 on, no zmm. */
    VEX_OR_EVEX
  }

  /** Where the operands stand: R in ModRM's register field, M in its other, V in VEX.vvvv. */
  enum Form {
    O,
    R,
    M,
    RM,
    MR,
    RVM,
    RMV,
    RMI,
    MRI,
    RVMI,
    /** The last register in the upper half of an immediate byte. */
    RVMR,
    VMI,
    /** A general register in the opcode. */
    G,
    /** General registers: the destination in R. */
    GM,
    /** The source in R. */
    MG,
    /** A general register and a number of up to 32 bits. */
    GI,
    /** A general register and a number of 8 bits. */
    GS,
    /** A jump. */
    J
  }

  /** What a displacement of one byte counts in EVEX. */
  enum Tuple {
    NONE,
    /** A vector, or the element that is broadcast. */
    FULL,
    /** A vector. */
    FULL_MEM,
    HALF,
    QUARTER,
    ELEM_2,
    ELEM_4,
    ELEM_8,
    ELEM_16,
    ELEM_32
  }

  final Kind kind;
  final Form form;
  final int prefix; // 0 none, 1 66, 2 F3, 3 F2
  final int map; // 0 none, 1 0F, 2 0F38, 3 0F3A
  final int w;
  final int opcode;
  final int extension;
  final Tuple tuple;

  Op(Kind kind, Form form, int prefix, int map, int w, int opcode, int extension, Tuple tuple) {
    this.kind = kind;
    this.form = form;
    this.prefix = prefix;
    this.map = map;
    this.w = w;
    this.opcode = opcode;
    this.extension = extension;
    this.tuple = tuple;
  }

  /** The name in Intel's syntax. */
  public String mnemonic() {
    return switch (this) {
      case MOVL, MOVL_STORE -> "mov";
      case VCMPPS_YMM -> "vcmpps";
      default -> name().replaceAll("_(STORE|IMM|GPR)$", "").toLowerCase(Locale.ROOT);
    };
  }
}
