package dev.nearside.serve.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key in the clear: {@code nsk-ID-SECRET}. It is shown once, to whoever made it.
 *
 * @param text all of it
 * @param id the part that finds its entry
 */
public record KeySecret(String text, String id) {
  private static final Pattern FORM = Pattern.compile("nsk-([0-9a-f]{12})-[A-Za-z0-9_-]{43}");
  private static final int SECRET_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int ID_BYTES = 6;

  /** A new key. */
  public static KeySecret create(SecureRandom random) {
    String id = HexFormat.of().formatHex(bytes(random, ID_BYTES));
    String secret =
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(random, SECRET_BYTES));
    return new KeySecret("nsk-" + id + "-" + secret, id);
  }

  /** The entry that recognises this key. */
  public ApiKey entry(
      String name, Set<Scope> scopes, ApiKey.Quota quota, SecureRandom random, Instant now) {
    String salt = HexFormat.of().formatHex(bytes(random, SALT_BYTES));
    return new ApiKey(id, name, salt, hash(salt, text), scopes, quota, now);
  }

  /** The id of what looks like a key; empty for anything else. */
  static String idOf(String text) {
    Matcher m = FORM.matcher(text);
    return m.matches() ? m.group(1) : "";
  }

  /** Whether the text is the entry's key; takes as long whatever the answer is. */
  static boolean matches(ApiKey entry, String text) {
    byte[] expected = entry.hash().getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(
        expected, hash(entry.salt(), text).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bytes(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String hash(String salt, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "nsk-" + id + "-…";
  }
}
