package dev.nearside.hub.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256, and the SHA-1 that git (and so Hugging Face, for small files) names a blob by. */
public final class Digests {

  private static final int BUFFER_BYTES = 1 << 20;

  private Digests() {}

  public static byte[] sha256(byte[] bytes) {
    return newDigest("SHA-256").digest(bytes);
  }

  public static MessageDigest newSha256() {
    return newDigest("SHA-256");
  }

  public static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  /**
   * @param progress hears the bytes read so far
   * @throws InterruptedException between two buffers
   */
  public static String sha256(Path file, LongConsumer progress)
      throws IOException, InterruptedException {
    return hash(newDigest("SHA-256"), file, progress);
  }

  /** The name git gives this content: SHA-1 of {@code "blob " + length + "\0" + content}. */
  public static String gitSha1(Path file) throws IOException, InterruptedException {
    MessageDigest digest = newDigest("SHA-1");
    digest.update(
        ("blob " + Files.size(file) + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return hash(digest, file, done -> {});
  }

  private static String hash(MessageDigest digest, Path file, LongConsumer progress)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long done = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("hashing was interrupted");
        }
        digest.update(buffer, 0, n);
        done += n;
        progress.accept(done);
      }
    }
    return hex(digest.digest());
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform must have both (java.security.MessageDigest's class documentation).
      throw new AssertionError(e);
    }
  }
}
