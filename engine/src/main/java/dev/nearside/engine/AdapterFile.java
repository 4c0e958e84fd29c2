package dev.nearside.engine;

import java.nio.file.Path;

/**
 * A LoRA adapter that requests may use.
 *
 * @param name what requests call it
 * @param scale at which it works in requests that name no adapter; 0 = only where it is named
 */
public record AdapterFile(String name, Path path, float scale) {}
