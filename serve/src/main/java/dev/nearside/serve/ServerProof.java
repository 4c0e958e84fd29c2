package dev.nearside.serve;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a server shows a command of the same home that it is the one whose token they both know,
 * before the command sends the token: whatever else got its port or its process number can't. The
 * proof is bound to the certificate of the connection, so that nobody in between can pass it on.
 */
public final class ServerProof {
  /** The header with what the client chose at random, of a request to any path. */
  public static final String CHALLENGE = "x-nearside-challenge";

  /** The header with the proof. */
  public static final String PROOF = "x-nearside-proof";

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32,128}");

  private ServerProof() {}

  /**
   * HMAC-SHA-256 of challenge and certificate under the token, in hex; null for what is no
   * challenge.
   *
   * @param challenge random bytes in hex
   * @param certificate what the server showed on this connection; null without TLS
   */
  public static @Nullable String of(
      String token, String challenge, @Nullable Certificate certificate) {
    if (!FORM.matcher(challenge).matches()) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(challenge.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) '/');
      if (certificate != null) {
        mac.update(fingerprint(certificate));
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** SHA-256 of a certificate. */
  public static byte[] fingerprint(Certificate certificate) throws CertificateEncodingException {
    try {
      return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
