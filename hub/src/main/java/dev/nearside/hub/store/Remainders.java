package dev.nearside.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What is left of blobs whose originals were dropped, beside where they were: a remainder, by which
 * the model is opened, and its packed weights. Where there is a blob it counts, and not what was
 * left of it.
 */
public final class Remainders {
  private static final String REMAINDER = ".remainder";
  private static final String PACKED = ".packed";
  private static final String SEAL = ".seal"; // whoever reads such a file may have put one there

  private final Function<String, Path> blobs;
  private final Seals seals;

  Remainders(Function<String, Path> blobs, Seals seals) {
    this.blobs = blobs;
    this.seals = seals;
  }

  /** The remainder of a blob, there or not. */
  public Path pathOf(String sha256) {
    return beside(sha256, REMAINDER);
  }

  private Path beside(String sha256, String end) {
    Path blob = blobs.apply(sha256);
    return blob.resolveSibling(blob.getFileName() + end);
  }

  /** Whether a blob was dropped. */
  public boolean has(String sha256) {
    return !Files.exists(blobs.apply(sha256)) && Files.isRegularFile(pathOf(sha256));
  }

  /**
   * Replaces a blob by what is left of it. The blob goes last.
   *
   * @param remainder moved
   * @param packed moved
   */
  public void replace(String sha256, Path remainder, Path packed) {
    Path blob = blobs.apply(sha256);
    try {
      Durable.publish(packed, beside(sha256, PACKED));
      Durable.publish(remainder, pathOf(sha256));
      Files.deleteIfExists(blob);
      seals.remove(blob);
    } catch (IOException e) {
      throw StoreException.of("an original cannot be dropped (is the model in use?)", blob, e);
    }
  }

  /** Removes what is left of a blob, the remainder first: without it nobody asks for the rest. */
  public void remove(String sha256) {
    try {
      for (String end : List.of(REMAINDER, PACKED, REMAINDER + SEAL, PACKED + SEAL)) {
        Files.deleteIfExists(beside(sha256, end));
      }
    } catch (IOException e) {
      throw StoreException.of(
          "what is left of an original cannot be removed (is the model in use?)",
          pathOf(sha256),
          e);
    }
  }
}
