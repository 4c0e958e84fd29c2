/**
 * The arithmetic: one choke point, {@link dev.nearside.tensor.kernel.Kernels}, with several
 * providers that give the same bits.
 */
@NullMarked
package dev.nearside.tensor.kernel;

import org.jspecify.annotations.NullMarked;
