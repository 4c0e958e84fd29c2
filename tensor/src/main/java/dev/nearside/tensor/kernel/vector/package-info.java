/**
 * Exact numerics on {@code jdk.incubator.vector}. The module may be absent at run time: only {@link
 * dev.nearside.tensor.kernel.KernelProviders} reaches in here, and only when it is present.
 *
 * <p>Rules for kernels here: one flat method per loop nest, because helpers that return vectors are
 * boxed as soon as C2 stops inlining them; rows (or positions, or dimensions) are lanes, so that no
 * sum is ever reordered; heap arrays for what is small, segments for weights.
 */
@NullMarked
package dev.nearside.tensor.kernel.vector;

import org.jspecify.annotations.NullMarked;
