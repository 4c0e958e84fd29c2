/**
 * A small assembler of x86-64: registers, memory operands, labels, and those general, VEX, EVEX and
 * AMX instructions that the machine kernels use. What it assembles is kept as a list of {@link
 * dev.nearside.tensor.kernel.x86.Instruction}s beside its bytes, so that tests can run it on any
 * machine.
 *
 * <p>Source of all encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume
 * 2.
 */
@NullMarked
package dev.nearside.tensor.kernel.x86;

import org.jspecify.annotations.NullMarked;
