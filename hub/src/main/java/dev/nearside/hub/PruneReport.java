package dev.nearside.hub;

import java.util.List;

/**
 * What {@link ModelHub#prune} did.
 *
 * @param freedBytes bytes given back to the disk
 * @param removed file names inside the store, for people
 * @param kept why garbage may be left, one line each: a pull that runs right now (its finished
 *     blobs look like garbage until its manifest is there), a damaged manifest
 */
public record PruneReport(long freedBytes, List<String> removed, List<String> kept) {}
