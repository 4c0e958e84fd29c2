package dev.nearside.hub.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * The model's file.
 *
 * @param fileName as published
 * @param quant quant format, e.g. {@code Q4_K_M}
 * @param bytes size
 * @param isApproximate true when {@code bytes} is only good for showing and for choosing; the
 *     source then says the real size
 * @param sha256 lower-case hex; null where it is not known and the source's own digest is used
 */
public record FileFacts(
    String fileName, String quant, long bytes, boolean isApproximate, @Nullable String sha256) {}
