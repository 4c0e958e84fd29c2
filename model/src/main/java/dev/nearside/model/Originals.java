package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorFile;
import dev.nearside.model.load.OriginalSplit;
import dev.nearside.model.load.PackedPlace;
import dev.nearside.model.load.RemainderFile;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Model files that were dropped once their weights were packed. What is left are two files with one
 * stem: the packed weights ({@code .packed}) and the remainder ({@code .remainder}), by which
 * {@link ModelFiles#open} opens the model.
 */
public final class Originals {
  private Originals() {}

  /** The packed weights of a dropped original. */
  public static Path packed(Path remainder) {
    return RemainderFile.packedPath(remainder);
  }

  /** Whether this is what is left of a dropped original. */
  public static boolean isDropped(Path model) {
    return RemainderFile.isAt(model);
  }

  /**
   * Packs a model's weights for this machine, if that was not done before.
   *
   * @param model a GGUF file of one part
   * @return the packed file
   * @throws ModelException when the kernels pack nothing, or the disk has no room
   */
  public static Path pack(Path model, PackedFolder folder, Compute compute) {
    PackedFolder unlimited = new PackedFolder(folder.path(), Long.MAX_VALUE);
    PackedPlace place = PackedPlace.of(unlimited, model);
    TensorFile file = ModelFiles.open(model);
    Models.load(file, compute, new LoadOptions(64, 8, TensorType.F16, place)).close();
    List<Path> found =
        compute.kernels().layout().stream().map(place::file).filter(Files::isRegularFile).toList();
    if (found.isEmpty()) {
      throw new ModelException(
          Fault.of("the model has no packed weights")
              .got("kernels " + compute.name())
              .where(folder.path())
              .hint("They need room on the disk, and kernels other than scalar"));
    }
    return found.getFirst();
  }

  /**
   * Writes the remainder of a model, and proves that packed weights and remainder make the original
   * again.
   *
   * @param model a GGUF file of one part
   * @param sha256 its digest
   * @param packed its packed weights
   * @param remainder written
   * @throws FormatException when the original would not come back bit for bit; nothing is written
   */
  public static void split(Path model, String sha256, Path packed, Path remainder) {
    OriginalSplit.split(model, sha256, packed, remainder);
  }

  /**
   * Writes the original again.
   *
   * @param into overwritten
   * @throws FormatException when what is left is damaged, or of a layout that this version does not
   *     know
   * @throws IOException when it can't be written
   */
  public static void rebuild(Path remainder, Path into) throws IOException {
    OriginalSplit.rebuild(remainder, into);
  }

  /**
   * The digest of the original, which is put together for it and not written.
   *
   * @throws FormatException as {@link #rebuild}
   */
  public static String sha256(Path remainder) {
    return OriginalSplit.sha256(remainder);
  }
}
