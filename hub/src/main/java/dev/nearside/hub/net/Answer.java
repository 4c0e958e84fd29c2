package dev.nearside.hub.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer, body not read yet.
 *
 * @param uri the address that answered, after redirects
 * @param hops headers of every answer on the way, the last one included
 */
public record Answer(int status, URI uri, List<HttpHeaders> hops, InputStream body)
    implements AutoCloseable {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+)");

  /** Where a partial answer's bytes belong: {@code bytes first-last/total}. */
  public record ContentRange(long first, long last, long total) {}

  public HttpHeaders headers() {
    return hops.getLast();
  }

  /** The first value of a header on the way, nearest to the first server. */
  public @Nullable String onTheWay(String header) {
    for (HttpHeaders hop : hops) {
      String value = hop.firstValue(header).orElse(null);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Content-Length, or -1. */
  public long length() {
    try {
      OptionalLong length = headers().firstValueAsLong("Content-Length");
      return length.orElse(-1);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Content-Range with a known total, or null. For {@code bytes *}{@code /N}, first is -1. */
  public @Nullable ContentRange range() {
    String value = headers().firstValue("Content-Range").orElse("").strip();
    Matcher matcher = CONTENT_RANGE.matcher(value);
    if (!matcher.matches()) {
      return null;
    }
    try {
      long total = Long.parseLong(matcher.group(3));
      return matcher.group(1) == null
          ? new ContentRange(-1, -1, total)
          : new ContentRange(
              Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), total);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The strong or weak entity tag without its quotes, or null. */
  public @Nullable String etag() {
    return bare(headers().firstValue("ETag").orElse(null));
  }

  static @Nullable String bare(@Nullable String etag) {
    return etag == null ? null : etag.replaceFirst("^W/", "").replace("\"", "").strip();
  }

  /** Drops the rest of the body; the connection goes with it when bytes are left. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
