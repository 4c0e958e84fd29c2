/**
 * JMH benchmarks of the kernels; {@code tools/jmh.sh} builds and runs them. A benchmark is a class
 * with a method that calls one operation of {@link dev.nearside.tensor.kernel.Kernels}.
 */
@NullMarked
package dev.nearside.bench;

import org.jspecify.annotations.NullMarked;
