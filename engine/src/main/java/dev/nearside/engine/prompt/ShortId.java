package dev.nearside.engine.prompt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Nine letters and digits for an id of any shape, always the same for the same id. */
final class ShortId {
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 9;

  private ShortId() {}

  static String of(String id) {
    if (id.length() == LENGTH && id.chars().allMatch(c -> LETTERS.indexOf(c) >= 0)) {
      return id;
    }
    BigInteger number = new BigInteger(1, digest(id));
    BigInteger base = BigInteger.valueOf(LETTERS.length());
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      BigInteger[] parts = number.divideAndRemainder(base);
      out.append(LETTERS.charAt(parts[1].intValue()));
      number = parts[0];
    }
    return out.toString();
  }

  private static byte[] digest(String id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }
}
