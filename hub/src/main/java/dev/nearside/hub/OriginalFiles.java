package dev.nearside.hub;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes the file of a model apart and puts it together again. The hub knows no formats: whoever
 * does hands this in.
 */
public interface OriginalFiles {
  /**
   * Writes what packed weights lack of a file. When this returns, both together were proved to make
   * the file again.
   *
   * @param sha256 digest of the file
   * @param remainder written
   * @return the packed weights, which the hub moves
   */
  Path split(Path original, String sha256, Path remainder);

  /**
   * Makes the file again. The packed weights lie beside the remainder.
   *
   * @param into overwritten
   */
  void rebuild(Path remainder, Path into) throws IOException;
}
