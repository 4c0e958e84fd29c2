/**
 * GGUF files: {@link dev.nearside.format.gguf.GgufFile} reads one (split or not), {@link
 * dev.nearside.format.gguf.GgufWriter} writes one.
 *
 * <p>Source: docs/gguf.md of ggml. See docs/design/formats.md for pictures and the list of checks.
 */
@NullMarked
package dev.nearside.format.gguf;

import org.jspecify.annotations.NullMarked;
