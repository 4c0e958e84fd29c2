/**
 * One file per quantised format: block layout, scalar decode (the reference) and, where there is
 * one, encode. {@link dev.nearside.tensor.quant.QuantFormats} is the index.
 */
@NullMarked
package dev.nearside.tensor.quant;

import org.jspecify.annotations.NullMarked;
