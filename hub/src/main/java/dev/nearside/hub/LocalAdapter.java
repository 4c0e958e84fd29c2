package dev.nearside.hub;

import java.nio.file.Path;

/**
 * The file of a low-rank adapter that belongs to a model.
 *
 * @param name as it was given, no path
 * @param path where it lies: a blob, whose name need not end in {@code .gguf}
 * @param sha256 lower-case hex
 */
public record LocalAdapter(String name, Path path, String sha256) {}
