package dev.nearside.tensor.kernel.x86;

/** What an instruction works on. {@code toString} gives it in Intel's syntax. */
public sealed interface Operand permits Gpr, Vec, Masked, Mask, Tile, Mem, Imm, Label {}
