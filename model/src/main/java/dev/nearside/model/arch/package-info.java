/**
 * One file per architecture: names and numbers in, a decoder out. {@link
 * dev.nearside.model.arch.Architectures} is the index.
 */
@NullMarked
package dev.nearside.model.arch;

import org.jspecify.annotations.NullMarked;
