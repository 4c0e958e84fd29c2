package dev.nearside.tensor.kernel.x86;

/** Instructions on general registers, jumps, and questions to the CPU. */
abstract sealed class GeneralInstructions extends Listing permits Assembler {
  public void mov(Gpr to, Gpr from) {
    emit(Op.MOV, to, from);
  }

  public void mov(Gpr to, Mem from) {
    emit(Op.MOV, to, from);
  }

  public void mov(Mem to, Gpr from) {
    emit(Op.MOV_STORE, to, from);
  }

  public void mov(Gpr to, int value) {
    emit(Op.MOV_IMM, to, new Imm(value));
  }

  public void movl(Gpr to, Mem from) {
    emit(Op.MOVL, to, from);
  }

  public void movl(Mem to, Gpr from) {
    emit(Op.MOVL_STORE, to, from);
  }

  public void lea(Gpr to, Mem from) {
    emit(Op.LEA, to, from);
  }

  public void add(Gpr to, Gpr other) {
    emit(Op.ADD, to, other);
  }

  public void add(Gpr to, Mem other) {
    emit(Op.ADD, to, other);
  }

  public void add(Gpr to, int value) {
    emit(Op.ADD_IMM, to, new Imm(value));
  }

  public void sub(Gpr to, Gpr other) {
    emit(Op.SUB, to, other);
  }

  public void sub(Gpr to, int value) {
    emit(Op.SUB_IMM, to, new Imm(value));
  }

  public void and(Gpr to, int value) {
    emit(Op.AND_IMM, to, new Imm(value));
  }

  public void cmp(Gpr a, Gpr b) {
    emit(Op.CMP, a, b);
  }

  public void cmp(Gpr a, int value) {
    emit(Op.CMP_IMM, a, new Imm(value));
  }

  public void imul(Gpr to, Gpr other) {
    emit(Op.IMUL, to, other);
  }

  public void imul(Gpr to, Mem other) {
    emit(Op.IMUL, to, other);
  }

  public void shl(Gpr to, int bits) {
    emit(Op.SHL, to, new Imm(bits));
  }

  public void shr(Gpr to, int bits) {
    emit(Op.SHR, to, new Imm(bits));
  }

  public void push(Gpr from) {
    emit(Op.PUSH, from);
  }

  public void pop(Gpr to) {
    emit(Op.POP, to);
  }

  public void ret() {
    emit(Op.RET);
  }

  public void jmp(Label to) {
    emit(Op.JMP, to);
  }

  public void je(Label to) {
    emit(Op.JE, to);
  }

  public void jne(Label to) {
    emit(Op.JNE, to);
  }

  public void jl(Label to) {
    emit(Op.JL, to);
  }

  public void jge(Label to) {
    emit(Op.JGE, to);
  }

  public void jle(Label to) {
    emit(Op.JLE, to);
  }

  public void jg(Label to) {
    emit(Op.JG, to);
  }

  public void prefetcht0(Mem place) {
    emit(Op.PREFETCHT0, place);
  }

  public void cpuid() {
    emit(Op.CPUID);
  }

  public void xgetbv() {
    emit(Op.XGETBV);
  }
}
