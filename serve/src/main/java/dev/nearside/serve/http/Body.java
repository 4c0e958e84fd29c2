package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of one request, read once and within bounds. */
final class Body {
  private static final int BUFFER_BYTES = 1 << 14;

  // What a token of JSON takes in a tree, estimated: from 26 ("[]") to 70 (members of objects).
  private static final int TREE_BYTES = 64;

  private final Request request;
  private final Bodies limits;
  private byte @Nullable [] content;
  private long held;

  Body(Request request, Bodies limits) {
    this.request = request;
    this.limits = limits;
  }

  boolean isRead() {
    return content != null;
  }

  /** Piece by piece, without a limit. */
  InputStream stream() {
    return Content.Source.asInputStream(request);
  }

  /**
   * All of it.
   *
   * @throws HttpProblem when it is too long or comes too slowly
   */
  byte[] bytes() throws IOException {
    byte[] known = content;
    if (known != null) {
      return known;
    }
    if (request.getLength() > limits.maxBytes) {
      throw tooLarge();
    }
    try {
      byte[] read = readAll(stream()); // not closed: what is left of it can still be discarded
      content = read;
      return read;
    } catch (IOException | HttpException.RuntimeException e) {
      throw unreadable(e);
    }
  }

  private byte[] readAll(InputStream in) throws IOException {
    byte[] buffer = new byte[0];
    int length = 0;
    long began = System.nanoTime();
    while (true) {
      if (length == buffer.length) {
        int room = length == 0 ? BUFFER_BYTES : Math.min(length, Integer.MAX_VALUE / 2 - length);
        take(room);
        buffer = Arrays.copyOf(buffer, length + room);
      }
      int n = in.read(buffer, length, buffer.length - length);
      if (n < 0) {
        return Arrays.copyOf(buffer, length);
      }
      length += n;
      if (length > limits.maxBytes) {
        throw tooLarge();
      }
      if (limits.isTooSlow(length, System.nanoTime() - began)) {
        throw tooSlow();
      }
    }
  }

  // Chunks that are none, for example: the client is to blame, whatever Jetty wraps that in.
  private static IOException unreadable(Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof HttpException http && http.getCode() < 500) {
        throw HttpProblem.invalid(
            null, "the request's body is not understood: " + http.getReason());
      }
      if (t instanceof TimeoutException) {
        throw tooSlow();
      }
    }
    return e instanceof IOException io ? io : new IOException(e);
  }

  private static HttpProblem tooSlow() {
    return HttpProblem.of(
        HttpProblem.Kind.TIMEOUT, Fault.of("the request's body comes too slowly"));
  }

  private HttpProblem tooLarge() {
    return HttpProblem.of(
        HttpProblem.Kind.TOO_LARGE,
        Fault.of("the request body is too long").expected("at most " + limits.maxBytes + " bytes"));
  }

  /**
   * The body as JSON. It is counted before the tree is made: some megabytes of brackets are some
   * hundred megabytes of nodes.
   *
   * @throws HttpProblem when it is none, or holds too many values
   */
  JsonNode json() throws IOException {
    byte[] bytes = bytes();
    if (bytes.length == 0) {
      throw HttpProblem.invalid(null, "the request has no body: a JSON object is expected");
    }
    take(2L * bytes.length);
    return JsonReader.read(bytes, tokens -> take(TREE_BYTES * tokens));
  }

  private void take(long bytes) {
    limits.take(held, bytes);
    held += bytes;
  }

  /** The request is over: others may have the memory. */
  void release() {
    limits.give(held);
    held = 0;
    content = null;
  }

  /**
   * Reads and forgets what is left, within bounds: a client that is still sending would else have
   * its connection cut before it reads the answer.
   */
  void discard(long maxBytes, long maxNanos) throws IOException {
    long until = System.nanoTime() + maxNanos;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = stream()) {
      long left = maxBytes;
      int n = 0;
      while (n >= 0 && left > 0 && System.nanoTime() < until) {
        n = in.read(buffer);
        left -= n;
      }
    }
  }
}
