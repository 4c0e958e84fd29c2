package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request and its response. Reading and writing block the virtual thread. */
public final class Exchange {
  /** Numbers keep their digits: schemas and tool arguments go through here. */
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Request request;
  private final Response response;
  private final Map<String, String> pathParams;
  private final long maxBodyBytes;

  Exchange(Request request, Response response, Map<String, String> pathParams, long maxBodyBytes) {
    this.request = request;
    this.response = response;
    this.pathParams = pathParams;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** A part of the path, by the name that {@link Endpoint#path} gives it. */
  public String pathParam(String name) {
    return pathParams.getOrDefault(name, "");
  }

  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
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
    return Content.Source.asInputStream(request);
  }

  /**
   * The whole body.
   *
   * @throws HttpProblem when it is too long
   */
  public byte[] body() throws IOException {
    if (request.getLength() > maxBodyBytes) {
      throw tooLarge();
    }
    try (InputStream in = bodyStream()) {
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBodyBytes + 1));
      if (bytes.length > maxBodyBytes) {
        throw tooLarge();
      }
      return bytes;
    }
  }

  private HttpProblem tooLarge() {
    return HttpProblem.of(
        HttpProblem.Kind.TOO_LARGE,
        Fault.of("the request body is too long").expected("at most " + maxBodyBytes + " bytes"));
  }

  /**
   * The body as JSON.
   *
   * @throws HttpProblem when it is none
   */
  public JsonNode json() throws IOException {
    byte[] bytes = body();
    if (bytes.length == 0) {
      throw HttpProblem.invalid(null, "the request has no body: a JSON object is expected");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      throw HttpProblem.invalid(null, "the request body is not UTF-8");
    }
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw HttpProblem.invalid(null, "the request body is not JSON: " + where(e));
    }
  }

  /** The body as a JSON object. */
  public Fields fields() throws IOException {
    return Fields.of(json());
  }

  // Without the excerpt of the source that Jackson adds.
  private static String where(JacksonException e) {
    return e.getOriginalMessage()
        + (e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")");
  }

  /** Answers with JSON. */
  public void json(int status, JsonNode body) throws IOException {
    bytes(status, "application/json; charset=utf-8", JSON.writeValueAsBytes(body));
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
