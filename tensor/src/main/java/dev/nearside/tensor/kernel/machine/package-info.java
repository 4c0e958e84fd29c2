/**
 * Exact numerics in machine code that is assembled at start: executable memory, what the CPU can,
 * layouts of weights, and the routines. See docs/design/kernels.md.
 */
@NullMarked
package dev.nearside.tensor.kernel.machine;

import org.jspecify.annotations.NullMarked;
