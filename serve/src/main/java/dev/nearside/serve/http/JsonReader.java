package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/** Reads JSON that somebody sent. */
final class JsonReader {
  /** Numbers keep their digits: schemas and tool arguments go through here. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(new BoundedNumbers())
          .build();

  /** More than any conversation holds, and a tree of some ten megabytes. */
  static final int MAX_TOKENS = 1 << 20;

  private static final JsonFactory PLAIN = new JsonFactory();

  private JsonReader() {}

  /**
   * A number with so many zeros is a few bytes here, and gigabytes for whoever writes it out or
   * makes an integer of it.
   */
  private static final class BoundedNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;
    private static final int MAX_EXPONENT = 10_000;

    @Override
    public ValueNode numberNode(BigDecimal value) {
      // A long: the scale alone may be the smallest integer.
      if (value.signum() != 0 && Math.abs((long) value.scale()) > MAX_EXPONENT) {
        throw new NumberFormatException("an exponent out of bounds");
      }
      return super.numberNode(value);
    }
  }

  /**
   * The value.
   *
   * @throws HttpProblem when it is not UTF-8, not JSON, or holds too much
   */
  static JsonNode read(byte[] bytes) {
    return read(bytes, tokens -> {});
  }

  /**
   * The value.
   *
   * @param tokens told how many there are before a tree is made of them: some megabytes of brackets
   *     are some hundred megabytes of nodes
   * @throws HttpProblem when it is not UTF-8, not JSON, or holds too much
   */
  static JsonNode read(byte[] bytes, LongConsumer tokens) {
    String text = text(bytes);
    tokens.accept(check(text));
    try (JsonParser parser = MAPPER.createParser(text)) {
      return read(parser);
    }
  }

  // How many tokens there are. What is UTF-8 holds half a character only as an escape.
  private static long check(String text) {
    long tokens = 0;
    boolean hasSurrogates = text.contains("\\ud") || text.contains("\\uD");
    try (JsonParser parser = PLAIN.createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        if (hasSurrogates && isBroken(parser)) {
          throw HttpProblem.invalid(
              null,
              "the request body holds half of a character: a \\ud… escape without its other half");
        }
        if (++tokens > MAX_TOKENS) {
          throw HttpProblem.of(
              HttpProblem.Kind.TOO_LARGE,
              Fault.of("the request body holds too many values")
                  .expected("at most " + MAX_TOKENS + " brackets, names and values"));
        }
      }
    } catch (JacksonException e) {
      throw notJson(e);
    }
    return tokens;
  }

  private static boolean isBroken(JsonParser parser) {
    boolean isText =
        parser.hasToken(JsonToken.VALUE_STRING) || parser.hasToken(JsonToken.PROPERTY_NAME);
    return isText && parser.getString().codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  private static JsonNode read(JsonParser parser) {
    try {
      return MAPPER.readTree(parser);
    } catch (JacksonException e) {
      throw notJson(e);
    } catch (NumberFormatException e) { // Jackson gives up on an exponent of more than 32 bits
      String name = name(parser.streamReadContext());
      throw HttpProblem.invalid(
          name.isEmpty() ? null : name,
          (name.isEmpty() ? "the request body" : "'" + name + "'")
              + " must not be a number with so large an exponent");
    }
  }

  private static HttpProblem notJson(JacksonException e) {
    return HttpProblem.invalid(null, "the request body is not JSON: " + where(e));
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw HttpProblem.invalid(null, "the request body is not UTF-8");
    }
  }

  /** The place as {@link Fields#name} writes it. */
  private static String name(TokenStreamContext place) {
    StringBuilder out = new StringBuilder();
    for (TokenStreamContext at = place; at != null && !at.inRoot(); at = at.getParent()) {
      if (at.inArray()) {
        out.insert(0, "[" + at.getCurrentIndex() + "]");
      } else {
        boolean isFirst = at.getParent() == null || at.getParent().inRoot();
        out.insert(0, (isFirst ? "" : ".") + at.currentName());
      }
    }
    return out.toString();
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
}
