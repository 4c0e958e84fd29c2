/**
 * Model files into other model files: {@link dev.nearside.format.convert.Quantizer} rewrites the
 * weights of a GGUF file in another tensor type.
 */
@NullMarked
package dev.nearside.format.convert;

import org.jspecify.annotations.NullMarked;
