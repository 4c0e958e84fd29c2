package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.security.cert.Certificate;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request and its response. Reading and writing block the virtual thread. */
public final class Exchange {
  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  private final Request request;
  private final Response response;
  private final Body body;
  private final long pingMillis;
  private final Run run;
  private Map<String, String> pathParams = Map.of();
  private @Nullable String promptField;
  private @Nullable Object note;

  Exchange(Request request, Response response, Bodies bodies, long pingMillis, Run run) {
    this.request = request;
    this.response = response;
    this.body = new Body(request, bodies);
    this.pingMillis = pingMillis;
    this.run = run;
  }

  void setPathParams(Map<String, String> params) {
    pathParams = params;
  }

  void setPromptField(@Nullable String name) {
    promptField = name;
  }

  /** What an exception means to the caller: a prompt that is too long is a field of theirs. */
  HttpProblem problem(Throwable e) {
    HttpProblem problem = HttpProblem.of(e);
    boolean isUnnamed =
        problem.kind() == HttpProblem.Kind.CONTEXT_OVERFLOW && problem.param() == null;
    return isUnnamed ? problem.withParam(promptField) : problem;
  }

  /**
   * What to say as the last part of a stream that fails. What is the server's own fault is logged.
   *
   * @param hasBegun whether a part of the stream has left
   * @throws Exception the exception itself, where it can still be answered with a status, or where
   *     nobody is left to be told
   */
  public HttpProblem lateProblem(Exception e, boolean hasBegun) throws Exception {
    if (!hasBegun || e instanceof SinkClosedException || e instanceof InterruptedException) {
      throw e;
    }
    HttpProblem problem = problem(e);
    if (problem.kind() == HttpProblem.Kind.INTERNAL) {
      LOG.log(Level.WARNING, "a stream of " + path() + " failed: " + problem.getMessage(), e);
    }
    return problem;
  }

  /** The answering of this request. */
  public Run run() {
    return run;
  }

  /** How long a stream may be silent; 0 = for ever. */
  long pingMillis() {
    return pingMillis;
  }

  public String method() {
    return request.getMethod();
  }

  /** The path as it was asked for. */
  public String path() {
    return Request.getPathInContext(request);
  }

  /** The status of the response, as far as it is known. */
  public int responseStatus() {
    return response.getStatus();
  }

  /** The address of who asks. */
  public String remoteAddress() {
    return Request.getRemoteAddr(request);
  }

  /** Whether the request came over TLS. */
  public boolean isSecure() {
    return request.isSecure();
  }

  /** The certificate that the server showed on this connection; null without TLS. */
  public @Nullable Certificate ownCertificate() {
    Object data = request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
    Certificate[] chain =
        data instanceof EndPoint.SslSessionData tls && tls.sslSession() != null
            ? tls.sslSession().getLocalCertificates()
            : null;
    return chain == null || chain.length == 0 ? null : chain[0];
  }

  /** What a {@link Guard} keeps with this request. */
  public @Nullable Object note() {
    return note;
  }

  public void setNote(Object value) {
    note = value;
  }

  /** A part of the path, by the name that {@link Endpoint#path} gives it. */
  public String pathParam(String name) {
    return pathParams.getOrDefault(name, "");
  }

  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /**
   * The name and port that the server was called by; null when the request does not say. HTTP/2 has
   * them in {@code :authority}, which Jetty makes a part of the address.
   */
  public @Nullable String host() {
    String header = header("Host");
    return header != null ? header : request.getHttpURI().getAuthority();
  }

  public @Nullable String query(String name) {
    Field field = Request.extractQueryParameters(request).get(name);
    return field == null ? null : field.getValue();
  }

  /** Sets a header of the response. */
  public void setHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** The body, to read piece by piece; without a limit. */
  public InputStream bodyStream() {
    return body.stream();
  }

  /**
   * The whole body.
   *
   * @throws HttpProblem when it is too long, or comes too slowly
   */
  public byte[] body() throws IOException {
    if (body.isRead()) {
      return body.bytes();
    }
    byte[] bytes = body.bytes();
    watch();
    return bytes;
  }

  // The body is whole: all that can still come from this client is its leaving. HTTP/2 tells of
  // that by itself.
  private void watch() {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof WatchedEndPoint watched) {
      watched.watch(run::cancel);
    }
  }

  /** Ends the watch that reading the body began. */
  void unwatch() {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof WatchedEndPoint watched) {
      watched.unwatch();
    }
  }

  /** The head has been read. */
  void headRead() {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof WatchedEndPoint watched) {
      watched.headRead();
    }
  }

  /**
   * Reads and forgets what is left of the body, within bounds: a client that is still sending would
   * else have its connection cut before it reads the answer.
   */
  void discardBody(long maxBytes, long maxNanos) throws IOException {
    body.discard(maxBytes, maxNanos);
  }

  /** The request is over. */
  void release() {
    body.release();
  }

  /**
   * The body as JSON.
   *
   * @throws HttpProblem when it is none
   */
  public JsonNode json() throws IOException {
    body();
    return body.json();
  }

  /** The body as a JSON object. */
  public Fields fields() throws IOException {
    return Fields.of(json());
  }

  /** Answers with JSON. */
  public void json(int status, JsonNode body) throws IOException {
    bytes(status, "application/json; charset=utf-8", JsonReader.MAPPER.writeValueAsBytes(body));
  }

  /** Answers with bytes. */
  public void bytes(int status, String contentType, byte[] body) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.write(body);
    }
  }

  /** Answers with a status alone. */
  public void status(int status) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    Content.Sink.asOutputStream(response).close();
  }

  /** Begins a stream of server-sent events. */
  public EventStream events() {
    setHeader("Content-Type", "text/event-stream; charset=utf-8");
    setHeader("Cache-Control", "no-cache");
    setHeader("X-Accel-Buffering", "no");
    return new EventStream(stream());
  }

  /** Begins a stream of JSON objects, one a line. */
  public LineStream lines() {
    setHeader("Content-Type", "application/x-ndjson");
    return new LineStream(stream());
  }

  private OutputStream stream() {
    response.setStatus(200);
    return Content.Sink.asOutputStream(response);
  }

  /** Whether a part of the response has left: then no error can replace it. */
  boolean isCommitted() {
    return response.isCommitted();
  }
}
