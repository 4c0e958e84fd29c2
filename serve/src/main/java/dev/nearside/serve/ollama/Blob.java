package dev.nearside.serve.ollama;

import dev.nearside.serve.http.HttpProblem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Digests as Ollama writes them: {@code sha256:} and 64 hex digits. */
final class Blob {
  private static final Pattern DIGEST = Pattern.compile("sha256[:-]([0-9a-f]{64})");

  private Blob() {}

  /** The hex digits. */
  static String sha256(String digest) {
    Matcher m = DIGEST.matcher(digest);
    if (!m.matches()) {
      throw HttpProblem.invalid(
          "digest", "'" + digest + "' is no digest: sha256: and 64 lower-case hex digits");
    }
    return m.group(1);
  }
}
