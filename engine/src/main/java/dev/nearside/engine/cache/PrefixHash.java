package dev.nearside.engine.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a block by all that its keys and values depend on: a SHA-256 over the hash of the block
 * before it and its own tokens, from a root that stands for model, adapter and numerics.
 */
final class PrefixHash {
  private final byte[] bytes;

  private PrefixHash(byte[] bytes) {
    this.bytes = bytes;
  }

  static PrefixHash root(String identity, String key) {
    MessageDigest digest = sha256();
    digest.update(identity.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(key.getBytes(StandardCharsets.UTF_8));
    return new PrefixHash(digest.digest());
  }

  /** The hash of the block of {@code count} tokens from {@code at}, which follows this one. */
  PrefixHash next(int[] tokens, int at, int count) {
    MessageDigest digest = sha256();
    digest.update(bytes);
    ByteBuffer ids = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ids.asIntBuffer().put(tokens, at, count);
    digest.update(ids);
    return new PrefixHash(digest.digest());
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
