package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import dev.nearside.jinja.TemplateException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line protocol: one JSON object per line in, one out, in order. A line that fails answers {@code
 * {"error":{"message":…}}} and the rest go on; a blank line has no answer.
 */
final class JsonLines {
  /** What a line asks is wrong. */
  static final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
      super(message, null, false, false);
    }
  }

  /** Answers one line. */
  @FunctionalInterface
  interface Handler {
    /**
     * The answer, of maps, lists, arrays, strings and numbers.
     *
     * @throws BadRequest when the request makes no sense
     */
    Map<String, ?> answer(Request request);
  }

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int MAX_LINE_BYTES = 64 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final CliContext context;
  private final Handler handler;

  private JsonLines(CliContext context, Handler handler) {
    this.context = context;
    this.handler = handler;
  }

  /** Answers standard input's lines until it ends, or nobody reads the answers any more. */
  static void run(CliContext context, Handler handler) throws IOException {
    new JsonLines(context, handler).run();
  }

  private void run() throws IOException {
    OutputStream out = new BufferedOutputStream(context.out(), BUFFER_BYTES);
    LineReader lines = new LineReader(context.in(), out, MAX_LINE_BYTES);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (lines.next(line) && !context.out().checkError()) {
      Map<String, ?> answer =
          lines.isTooLong()
              ? error("a line is longer than " + Sizes.bytes(MAX_LINE_BYTES))
              : answer(line.toByteArray());
      if (!answer.isEmpty()) {
        out.write(withoutLoneSurrogates(MAPPER.writeValueAsString(answer)));
        out.write('\n');
      }
    }
    out.flush();
  }

  /** Empty for a blank line. */
  private Map<String, ?> answer(byte[] line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return json.isBlank() ? Map.of() : handler.answer(Request.parse(MAPPER, json));
    } catch (CharacterCodingException e) {
      return error("the line is not UTF-8");
    } catch (BadRequest e) {
      return error(String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      return error("the line is not JSON: " + e.getOriginalMessage());
    } catch (TemplateException e) {
      return placed(e);
    } catch (NearsideException e) {
      return error(e.fault().message());
    }
  }

  private static Map<String, ?> error(String message) {
    return Map.of("error", Map.of("message", message));
  }

  private static Map<String, ?> placed(TemplateException e) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", e.fault().what());
    error.put("line", e.line());
    error.put("column", e.column());
    return Map.of("error", error);
  }

  /** UTF-8 of JSON whose halves of surrogate pairs, which UTF-8 can't express, are escaped. */
  static byte[] withoutLoneSurrogates(String json) {
    StringBuilder out = null;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean isPair =
          Character.isHighSurrogate(c)
              && i + 1 < json.length()
              && Character.isLowSurrogate(json.charAt(i + 1));
      if (isPair) {
        append(out, c);
        append(out, json.charAt(++i));
      } else if (Character.isSurrogate(c)) {
        out = out == null ? new StringBuilder(json.substring(0, i)) : out;
        out.append("\\u").append(Integer.toHexString(c));
      } else {
        append(out, c);
      }
    }
    return (out == null ? json : out.toString()).getBytes(StandardCharsets.UTF_8);
  }

  private static void append(@org.jspecify.annotations.Nullable StringBuilder out, char c) {
    if (out != null) {
      out.append(c);
    }
  }
}
