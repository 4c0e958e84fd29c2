package dev.nearside.serve.reply;

import java.security.SecureRandom;

/** Ids that nobody can guess. */
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 24;

  private Ids() {}

  /** The prefix and 24 letters and digits. */
  public static String next(String prefix) {
    StringBuilder out = new StringBuilder(prefix);
    for (int i = 0; i < LENGTH; i++) {
      out.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return out.toString();
  }
}
