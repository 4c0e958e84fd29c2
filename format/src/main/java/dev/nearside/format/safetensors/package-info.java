/**
 * Safetensors files and Hugging Face model folders: {@link
 * dev.nearside.format.safetensors.SafetensorsFile} reads one file or a sharded folder, {@link
 * dev.nearside.format.safetensors.SafetensorsWriter} writes either, {@link
 * dev.nearside.format.safetensors.HfFolder} finds what else lies in a folder.
 *
 * <p>Source: the format's description in README.md of huggingface/safetensors and the checks of its
 * {@code safetensors/src/tensor.rs}. See docs/design/formats.md.
 */
@NullMarked
package dev.nearside.format.safetensors;

import org.jspecify.annotations.NullMarked;
