package dev.nearside.hub.download;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.Answer;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.net.Statuses;
import dev.nearside.hub.store.SafeNames;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server says about a file. Asked with a GET of the first byte rather than with HEAD:
 * signed addresses of object stores often allow GET alone, and the answer's status shows for sure
 * whether ranges work.
 *
 * @param uri the address after redirects
 * @param size bytes, -1 when the server does not say
 * @param sha256 digest the hub names ({@code X-Linked-Etag}, Hugging Face), else the expected one
 */
record Probe(
    URI uri, long size, boolean hasRanges, @Nullable String etag, @Nullable String sha256) {

  /**
   * @throws SourceException when the file is not there, is forbidden, or is not the expected one
   */
  static Probe of(HubHttp http, RemoteFile file) throws InterruptedException {
    try (Answer answer = http.get(file.uri(), withRange(file.headers(), 0, 0))) {
      long size = sizeOf(answer, file);
      String linked = linkedSha256(answer);
      requireSame("size", size, file.size(), size >= 0 && file.size() >= 0, file);
      requireSame("sha256", linked, file.sha256(), linked != null && file.sha256() != null, file);
      return new Probe(
          answer.uri(),
          size >= 0 ? size : file.size(),
          answer.status() == 206,
          answer.etag(),
          file.sha256() == null ? linked : file.sha256());
    }
  }

  static Map<String, String> withRange(Map<String, String> headers, long first, long last) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Range", "bytes=" + first + "-" + last);
    // A compressed answer would make byte positions meaningless.
    all.put("Accept-Encoding", "identity");
    return all;
  }

  private static long sizeOf(Answer answer, RemoteFile file) {
    Answer.ContentRange range = answer.range();
    return switch (answer.status()) {
      case 206 -> {
        if (range == null) {
          throw SourceException.permanent(
              Fault.of("a partial answer without a usable Content-Range").where(file.name()));
        }
        yield range.total();
      }
      case 200 -> answer.length();
      // The first byte of an empty file does not exist.
      case 416 -> {
        if (range == null || range.total() != 0) {
          throw Statuses.failure(answer, "cannot download " + file.name(), file.gateHint());
        }
        yield 0;
      }
      default -> throw Statuses.failure(answer, "cannot download " + file.name(), file.gateHint());
    };
  }

  private static @Nullable String linkedSha256(Answer answer) {
    String linked = answer.onTheWay("X-Linked-Etag");
    String bare = linked == null ? "" : linked.replace("\"", "").strip();
    return SafeNames.isSha256(bare) ? bare : null;
  }

  private static void requireSame(
      String what, @Nullable Object got, @Nullable Object expected, boolean both, RemoteFile file) {
    if (both && !java.util.Objects.equals(got, expected)) {
      throw SourceException.permanent(
          Fault.of("the server has another file of this name")
              .got(what + " " + got)
              .expected(expected == null ? "none" : expected)
              .where(file.name()));
    }
  }
}
