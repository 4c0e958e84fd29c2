package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the packed weights of a model lie.
 *
 * @param folder folder of all packed files
 * @param source what the model file is: path, size and time; another source needs other weights
 * @param name name of the file
 */
public record PackedPlace(Path folder, String source, String name) {
  /** How the names of packed files end. */
  public static final String SUFFIX = ".packed";

  /**
   * The place for a model file.
   *
   * @throws ModelException when the file can't be looked at
   */
  public static PackedPlace of(Path folder, Path model) {
    try {
      Path real = model.toRealPath();
      String source = source(real);
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(real.toString().getBytes(StandardCharsets.UTF_8));
      return new PackedPlace(folder, source, HexFormat.of().formatHex(hash, 0, 12));
    } catch (IOException e) {
      throw new ModelException(Fault.of("the model file can't be read").where(model), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String source(Path real) throws IOException {
    return real + " " + Files.size(real) + " " + Files.getLastModifiedTime(real).toMillis();
  }

  /** Whether the model file that {@code source} tells of is there and still the same. */
  public static boolean exists(String source) {
    int size = source.lastIndexOf(' ', source.lastIndexOf(' ') - 1);
    try {
      return size > 0 && source(Path.of(source.substring(0, size))).equals(source);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  Path file(String layout) {
    return folder.resolve(name + "-" + layout + SUFFIX);
  }
}
