/**
 * The integer codes and scales inside quantised blocks, read straight from the bytes of a model
 * file: what exact numerics multiplies. To add a format whose blocks are integers times a scale,
 * write a {@link dev.nearside.tensor.kernel.codes.CodeReader} and one line in {@link
 * dev.nearside.tensor.kernel.codes.CodeReaders}.
 */
@NullMarked
package dev.nearside.tensor.kernel.codes;

import org.jspecify.annotations.NullMarked;
