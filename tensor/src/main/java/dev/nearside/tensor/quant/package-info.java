/**
 * One file per quantised format: block layout, scalar decode (the reference) and, where there is
 * one, encode. {@link dev.nearside.tensor.quant.QuantFormats} is the index.
 *
 * <p>To add one: a class that extends {@code BlockFormat} (or {@code BlockCodec}, with encode) and
 * a line in the index; {@code QuantFormatsTest} and {@code RandomBlocksTest} walk it. See {@code
 * docs/design/quant-formats.md}.
 */
@NullMarked
package dev.nearside.tensor.quant;

import org.jspecify.annotations.NullMarked;
