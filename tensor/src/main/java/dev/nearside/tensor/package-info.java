/** Tensor types and the native buffers that kernels work on. */
@NullMarked
package dev.nearside.tensor;

import org.jspecify.annotations.NullMarked;
