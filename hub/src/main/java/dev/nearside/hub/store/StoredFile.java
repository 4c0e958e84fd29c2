package dev.nearside.hub.store;

/**
 * One file of a model.
 *
 * @param name its name inside the model: one path segment
 * @param sha256 lower-case hex; names the blob
 */
public record StoredFile(String name, String sha256, long bytes) {}
