package dev.nearside.engine.cache;

import java.nio.file.Path;

/**
 * Where blocks of keys and values are kept on disk.
 *
 * @param folder made when it is missing; readable by its owner only
 * @param maxBytes size of all files in it; the least recently used go first
 * @param identity what the blocks depend on besides tokens and adapter: model file, rope
 */
public record KvFolder(Path folder, long maxBytes, String identity) {}
