package dev.nearside.tensor.kernel.x86;

/**
 * Writes a routine, an instruction a call: {@code a.vpdpbusd(sum, codes, at(RSI).broadcast())}. The
 * methods are named as the instructions are in Intel's syntax, the destination comes first. Where
 * an instruction has a vector and a masked form, the destination is an {@link Operand}.
 *
 * <p>Here are the instructions on vectors, masks and tiles.
 */
public final class Assembler extends GeneralInstructions {
  /** What the address of assembled code is a multiple of. */
  public static final int ALIGNMENT = 64;

  public void vaddps(Operand to, Vec a, Operand b) {
    emit(Op.VADDPS, to, a, b);
  }

  public void vmulps(Operand to, Vec a, Operand b) {
    emit(Op.VMULPS, to, a, b);
  }

  public void vsubps(Operand to, Vec a, Operand b) {
    emit(Op.VSUBPS, to, a, b);
  }

  public void vdivps(Operand to, Vec a, Operand b) {
    emit(Op.VDIVPS, to, a, b);
  }

  public void vminps(Operand to, Vec a, Operand b) {
    emit(Op.VMINPS, to, a, b);
  }

  public void vmaxps(Operand to, Vec a, Operand b) {
    emit(Op.VMAXPS, to, a, b);
  }

  public void vsqrtps(Operand to, Operand from) {
    emit(Op.VSQRTPS, to, from);
  }

  public void vfmadd132ps(Operand to, Vec a, Operand b) {
    emit(Op.VFMADD132PS, to, a, b);
  }

  public void vfmadd213ps(Operand to, Vec a, Operand b) {
    emit(Op.VFMADD213PS, to, a, b);
  }

  public void vfmadd231ps(Operand to, Vec a, Operand b) {
    emit(Op.VFMADD231PS, to, a, b);
  }

  public void vfnmadd231ps(Operand to, Vec a, Operand b) {
    emit(Op.VFNMADD231PS, to, a, b);
  }

  public void vbroadcastss(Operand to, Operand from) {
    emit(Op.VBROADCASTSS, to, from);
  }

  public void vpbroadcastd(Operand to, Operand from) {
    emit(Op.VPBROADCASTD, to, from);
  }

  public void vpbroadcastw(Operand to, Operand from) {
    emit(Op.VPBROADCASTW, to, from);
  }

  public void vpaddd(Operand to, Vec a, Operand b) {
    emit(Op.VPADDD, to, a, b);
  }

  public void vpsubd(Operand to, Vec a, Operand b) {
    emit(Op.VPSUBD, to, a, b);
  }

  public void vpmulld(Operand to, Vec a, Operand b) {
    emit(Op.VPMULLD, to, a, b);
  }

  public void vpaddb(Operand to, Vec a, Operand b) {
    emit(Op.VPADDB, to, a, b);
  }

  public void vpsubb(Operand to, Vec a, Operand b) {
    emit(Op.VPSUBB, to, a, b);
  }

  public void vpaddw(Operand to, Vec a, Operand b) {
    emit(Op.VPADDW, to, a, b);
  }

  public void vpsubw(Operand to, Vec a, Operand b) {
    emit(Op.VPSUBW, to, a, b);
  }

  public void vpmaddwd(Operand to, Vec a, Operand b) {
    emit(Op.VPMADDWD, to, a, b);
  }

  public void vpmaddubsw(Operand to, Vec a, Operand b) {
    emit(Op.VPMADDUBSW, to, a, b);
  }

  public void vpshufb(Operand to, Vec a, Operand b) {
    emit(Op.VPSHUFB, to, a, b);
  }

  public void vpunpcklbw(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKLBW, to, a, b);
  }

  public void vpunpckhbw(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKHBW, to, a, b);
  }

  public void vpunpcklwd(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKLWD, to, a, b);
  }

  public void vpunpckhwd(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKHWD, to, a, b);
  }

  public void vpunpckldq(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKLDQ, to, a, b);
  }

  public void vpunpckhdq(Operand to, Vec a, Operand b) {
    emit(Op.VPUNPCKHDQ, to, a, b);
  }

  public void vpackssdw(Operand to, Vec a, Operand b) {
    emit(Op.VPACKSSDW, to, a, b);
  }

  public void vpacksswb(Operand to, Vec a, Operand b) {
    emit(Op.VPACKSSWB, to, a, b);
  }

  public void vpslld(Operand to, Operand from, int bits) {
    emit(Op.VPSLLD, to, from, new Imm(bits));
  }

  public void vpsrld(Operand to, Operand from, int bits) {
    emit(Op.VPSRLD, to, from, new Imm(bits));
  }

  public void vpsrad(Operand to, Operand from, int bits) {
    emit(Op.VPSRAD, to, from, new Imm(bits));
  }

  public void vpsllw(Operand to, Operand from, int bits) {
    emit(Op.VPSLLW, to, from, new Imm(bits));
  }

  public void vpsrlw(Operand to, Operand from, int bits) {
    emit(Op.VPSRLW, to, from, new Imm(bits));
  }

  public void vpsraw(Operand to, Operand from, int bits) {
    emit(Op.VPSRAW, to, from, new Imm(bits));
  }

  public void vcvtdq2ps(Operand to, Operand from) {
    emit(Op.VCVTDQ2PS, to, from);
  }

  public void vcvtps2dq(Operand to, Operand from) {
    emit(Op.VCVTPS2DQ, to, from);
  }

  public void vcvtph2ps(Operand to, Operand from) {
    emit(Op.VCVTPH2PS, to, from);
  }

  public void vcvtps2ph(Operand to, Vec from, int how) {
    emit(Op.VCVTPS2PH, to, from, new Imm(how));
  }

  public void vpmovzxbd(Operand to, Operand from) {
    emit(Op.VPMOVZXBD, to, from);
  }

  public void vpmovsxbd(Operand to, Operand from) {
    emit(Op.VPMOVSXBD, to, from);
  }

  public void vpmovzxwd(Operand to, Operand from) {
    emit(Op.VPMOVZXWD, to, from);
  }

  public void vpmovsxwd(Operand to, Operand from) {
    emit(Op.VPMOVSXWD, to, from);
  }

  public void vpmovzxbw(Operand to, Operand from) {
    emit(Op.VPMOVZXBW, to, from);
  }

  public void vpmovsxbw(Operand to, Operand from) {
    emit(Op.VPMOVSXBW, to, from);
  }

  public void vpermd(Operand to, Vec a, Operand b) {
    emit(Op.VPERMD, to, a, b);
  }

  public void vpermps(Operand to, Vec a, Operand b) {
    emit(Op.VPERMPS, to, a, b);
  }

  public void vandps(Operand to, Vec a, Operand b) {
    emit(Op.VANDPS, to, a, b);
  }

  public void vandnps(Operand to, Vec a, Operand b) {
    emit(Op.VANDNPS, to, a, b);
  }

  public void vorps(Operand to, Vec a, Operand b) {
    emit(Op.VORPS, to, a, b);
  }

  public void vxorps(Operand to, Vec a, Operand b) {
    emit(Op.VXORPS, to, a, b);
  }

  public void vshufps(Operand to, Vec a, Operand b, int how) {
    emit(Op.VSHUFPS, to, a, b, new Imm(how));
  }

  public void vmovups(Operand to, Operand from) {
    emit(Op.VMOVUPS, to, from);
  }

  public void vmovups(Mem to, Vec from) {
    emit(Op.VMOVUPS_STORE, to, from);
  }

  public void vmovaps(Operand to, Operand from) {
    emit(Op.VMOVAPS, to, from);
  }

  public void vmovaps(Mem to, Vec from) {
    emit(Op.VMOVAPS_STORE, to, from);
  }

  public void vmovdqu(Operand to, Operand from) {
    emit(Op.VMOVDQU, to, from);
  }

  public void vmovdqu(Mem to, Vec from) {
    emit(Op.VMOVDQU_STORE, to, from);
  }

  public void vpand(Operand to, Vec a, Operand b) {
    emit(Op.VPAND, to, a, b);
  }

  public void vpor(Operand to, Vec a, Operand b) {
    emit(Op.VPOR, to, a, b);
  }

  public void vpxor(Operand to, Vec a, Operand b) {
    emit(Op.VPXOR, to, a, b);
  }

  public void vroundps(Operand to, Operand from, int how) {
    emit(Op.VROUNDPS, to, from, new Imm(how));
  }

  public void vblendvps(Vec to, Vec a, Operand b, Vec chooser) {
    emit(Op.VBLENDVPS, to, a, b, chooser);
  }

  public void vcmpps(Operand to, Vec a, Operand b, int how) {
    emit(Op.VCMPPS_YMM, to, a, b, new Imm(how));
  }

  public void vextractf128(Operand to, Vec from, int how) {
    emit(Op.VEXTRACTF128, to, from, new Imm(how));
  }

  public void vinserti128(Operand to, Vec a, Operand b, int how) {
    emit(Op.VINSERTI128, to, a, b, new Imm(how));
  }

  public void vperm2i128(Operand to, Vec a, Operand b, int how) {
    emit(Op.VPERM2I128, to, a, b, new Imm(how));
  }

  /** Element {@code which} of an xmm register. */
  public void vpextrw(Mem to, Vec from, int which) {
    emit(Op.VPEXTRW_STORE, to, from, new Imm(which));
  }

  public void kmovw(Mask to, Gpr from) {
    emit(Op.KMOVW, to, from);
  }

  public void kmovq(Mask to, Mem from) {
    emit(Op.KMOVQ, to, from);
  }

  public void vzeroupper() {
    emit(Op.VZEROUPPER);
  }

  public void vmovdqu32(Operand to, Operand from) {
    emit(Op.VMOVDQU32, to, from);
  }

  public void vmovdqu32(Mem to, Vec from) {
    emit(Op.VMOVDQU32_STORE, to, from);
  }

  public void vpandd(Operand to, Vec a, Operand b) {
    emit(Op.VPANDD, to, a, b);
  }

  public void vpord(Operand to, Vec a, Operand b) {
    emit(Op.VPORD, to, a, b);
  }

  public void vpxord(Operand to, Vec a, Operand b) {
    emit(Op.VPXORD, to, a, b);
  }

  public void vpternlogd(Operand to, Vec a, Operand b, int how) {
    emit(Op.VPTERNLOGD, to, a, b, new Imm(how));
  }

  public void vpdpbusd(Operand to, Vec a, Operand b) {
    emit(Op.VPDPBUSD, to, a, b);
  }

  public void vpdpwssd(Operand to, Vec a, Operand b) {
    emit(Op.VPDPWSSD, to, a, b);
  }

  public void vdpbf16ps(Operand to, Vec a, Operand b) {
    emit(Op.VDPBF16PS, to, a, b);
  }

  public void vcvtne2ps2bf16(Operand to, Vec a, Operand b) {
    emit(Op.VCVTNE2PS2BF16, to, a, b);
  }

  public void vcvtneps2bf16(Operand to, Operand from) {
    emit(Op.VCVTNEPS2BF16, to, from);
  }

  public void vrndscaleps(Operand to, Operand from, int how) {
    emit(Op.VRNDSCALEPS, to, from, new Imm(how));
  }

  public void vscalefps(Operand to, Vec a, Operand b) {
    emit(Op.VSCALEFPS, to, a, b);
  }

  public void vpmovdb(Operand to, Vec from) {
    emit(Op.VPMOVDB, to, from);
  }

  public void vpmovdw(Operand to, Vec from) {
    emit(Op.VPMOVDW, to, from);
  }

  public void vpmovsdb(Operand to, Vec from) {
    emit(Op.VPMOVSDB, to, from);
  }

  public void vextractf32x4(Operand to, Vec from, int how) {
    emit(Op.VEXTRACTF32X4, to, from, new Imm(how));
  }

  public void vextractf64x4(Operand to, Vec from, int how) {
    emit(Op.VEXTRACTF64X4, to, from, new Imm(how));
  }

  public void vinsertf64x4(Operand to, Vec a, Operand b, int how) {
    emit(Op.VINSERTF64X4, to, a, b, new Imm(how));
  }

  public void vshuff32x4(Operand to, Vec a, Operand b, int how) {
    emit(Op.VSHUFF32X4, to, a, b, new Imm(how));
  }

  public void vcmpps(Mask to, Vec a, Operand b, int predicate) {
    emit(Op.VCMPPS, to, a, b, new Imm(predicate));
  }

  public void vblendmps(Operand to, Vec a, Operand b) {
    emit(Op.VBLENDMPS, to, a, b);
  }

  public void vpermt2ps(Operand to, Vec a, Operand b) {
    emit(Op.VPERMT2PS, to, a, b);
  }

  public void vpbroadcastd(Vec to, Gpr from) {
    emit(Op.VPBROADCASTD_GPR, to, from);
  }

  public void vpabsd(Operand to, Operand from) {
    emit(Op.VPABSD, to, from);
  }

  public void ldtilecfg(Mem config) {
    emit(Op.LDTILECFG, config);
  }

  public void tileloadd(Tile to, Mem from) {
    emit(Op.TILELOADD, to, from);
  }

  public void tilestored(Mem to, Tile from) {
    emit(Op.TILESTORED, to, from);
  }

  public void tilezero(Tile to) {
    emit(Op.TILEZERO, to);
  }

  public void tilerelease() {
    emit(Op.TILERELEASE);
  }

  public void tdpbssd(Tile sum, Tile a, Tile b) {
    emit(Op.TDPBSSD, sum, a, b);
  }

  public void tdpbusd(Tile sum, Tile a, Tile b) {
    emit(Op.TDPBUSD, sum, a, b);
  }

  public void tdpbsud(Tile sum, Tile a, Tile b) {
    emit(Op.TDPBSUD, sum, a, b);
  }

  public void tdpbf16ps(Tile sum, Tile a, Tile b) {
    emit(Op.TDPBF16PS, sum, a, b);
  }
}
