package dev.nearside.hub.download;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file to download and what is known about it beforehand.
 *
 * @param name its name inside the model
 * @param headers sent to {@code uri}'s origin; a secret among them goes nowhere else
 * @param size bytes, -1 when unknown
 * @param sha256 lower-case hex, null when unknown
 * @param gitSha1 git's blob name, for small files that have no sha256; null when unknown
 * @param gateHint what a user can do about 401 and 403
 */
public record RemoteFile(
    String name,
    URI uri,
    Map<String, String> headers,
    long size,
    @Nullable String sha256,
    @Nullable String gitSha1,
    String gateHint) {

  public RemoteFile {
    headers = Map.copyOf(headers);
  }
}
