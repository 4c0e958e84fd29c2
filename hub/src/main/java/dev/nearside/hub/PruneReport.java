package dev.nearside.hub;

import java.util.List;

/**
 * What {@link ModelHub#prune} did.
 *
 * @param freedBytes bytes given back to the disk
 * @param removed file names inside the store, for people
 * @param busy models being pulled right now; when there are any, nothing was removed, because a
 *     pull's finished blobs look like garbage until its manifest is there
 */
public record PruneReport(long freedBytes, List<String> removed, List<String> busy) {}
