package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.model.PackedFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Where the packed weights of a model lie.
 *
 * @param folder of all packed files
 * @param source what the model file is: path, size, time, and a checksum of its first and last
 *     bytes; another source needs other weights
 * @param name name of the file
 */
public record PackedPlace(PackedFolder folder, String source, String name) {
  /** How the names of packed files end. */
  public static final String SUFFIX = ".packed";

  /** Bytes at either end of a model file that its source tells. */
  private static final int END_BYTES = 1 << 16;

  /**
   * The place for a model file.
   *
   * @throws ModelException when the file can't be looked at
   */
  public static PackedPlace of(PackedFolder folder, Path model) {
    try {
      Path real = model.toRealPath();
      return new PackedPlace(folder, source(real), name(real));
    } catch (IOException e) {
      throw new ModelException(Fault.of("the model file can't be read").where(model), e);
    }
  }

  private static String name(Path real) {
    try {
      byte[] path = real.toString().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(path);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String source(Path real) throws IOException {
    try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
      long size = channel.size();
      CRC32C sum = new CRC32C();
      add(channel, 0, sum);
      add(channel, Math.max(0, size - END_BYTES), sum);
      long time = Files.getLastModifiedTime(real).toMillis();
      return real + " " + size + " " + time + " " + Long.toHexString(sum.getValue());
    }
  }

  private static void add(FileChannel channel, long from, CRC32C sum) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(END_BYTES);
    long at = from;
    for (int n = 0; n >= 0 && bytes.hasRemaining(); at += n) {
      n = channel.read(bytes, at);
    }
    sum.update(bytes.flip());
  }

  /** Whether the model file that {@code source} tells of is there and still the same. */
  public static boolean exists(String source) {
    int end = source.length();
    for (int i = 0; i < 3 && end > 0; i++) {
      end = source.lastIndexOf(' ', end - 1);
    }
    try {
      return end > 0 && source(Path.of(source.substring(0, end))).equals(source);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** The file of a layout. */
  public Path file(String layout) {
    return folder.path().resolve(name + "-" + layout + SUFFIX);
  }

  /**
   * How the names of a model's packed files begin, whatever their layout.
   *
   * @throws IOException when the model file can't be looked at
   */
  public static String prefix(Path model) throws IOException {
    return name(model.toRealPath()) + "-";
  }
}
