package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.Answer;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.net.Statuses;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Small JSON questions to a hub. */
record Api(HubHttp http, Map<String, String> headers, String gateHint) {

  private static final int MAX_ANSWER_BYTES = 32 << 20;
  private static final int TRIES = 3;

  /**
   * @return null for 404
   * @throws SourceException for any other failure; passing ones are tried again twice
   */
  @Nullable JsonNode ask(URI uri, String what) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return askOnce(uri, what);
      } catch (SourceException e) {
        long wait = e.retryAfter() == null ? 500L * tries : e.retryAfter().toMillis();
        if (!e.isTransient() || tries == TRIES || wait > 30_000) {
          throw e;
        }
        Thread.sleep(wait);
      }
    }
  }

  private @Nullable JsonNode askOnce(URI uri, String what) throws InterruptedException {
    try (Answer answer = http.get(uri, headers)) {
      if (answer.status() == 404) {
        return null;
      }
      if (answer.status() != 200) {
        throw Statuses.failure(answer, what, gateHint);
      }
      byte[] body = answer.body().readNBytes(MAX_ANSWER_BYTES + 1);
      if (body.length > MAX_ANSWER_BYTES) {
        throw SourceException.permanent(
            Fault.of(what).got("an answer of over " + MAX_ANSWER_BYTES + " bytes"));
      }
      return new ObjectMapper().readTree(body);
    } catch (JacksonException e) {
      throw SourceException.permanent(
          Fault.of(what).got("an answer that is not JSON").where(uri.getHost()), e);
    } catch (IOException e) {
      throw SourceException.passing(
          Fault.of(what).got(String.valueOf(e.getMessage())).where(uri.getHost()), e);
    }
  }

  /** {@code base/segment/…}, each segment of {@code path} escaped. */
  static URI address(URI base, String path, String query) {
    String escaped =
        Arrays.stream(path.split("/")).map(Api::escape).collect(Collectors.joining("/"));
    return URI.create(base + "/" + escaped + (query.isEmpty() ? "" : "?" + query));
  }

  private static String escape(String segment) {
    // '+' would be read as a space in a query, but stands for itself in a path.
    return URLEncoder.encode(segment, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%3A", ":");
  }
}
