package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON from files that nobody vouches for: strict UTF-8, bounded depth, names and numbers. */
final class Json {
  static final int MAX_DEPTH = 64;
  static final int MAX_NAME_CHARS = 4096;
  private static final int MAX_STRING_CHARS = 4 << 20;

  /** A configuration of a few KB; big ones name the classes of an image classifier. */
  private static final long MAX_CONFIG_BYTES = 8 << 20;

  // Names are not put into a table: a header has as many as it has tensors, each once.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(constraints())
          .build();

  // Python writes NaN and Infinity, and some published configurations have them.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(constraints())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .build();

  private Json() {}

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNameLength(MAX_NAME_CHARS)
        .maxStringLength(MAX_STRING_CHARS)
        .maxNumberLength(1000)
        .build();
  }

  /** What to do with a parser; see {@link #parse}. */
  interface Body<T> {
    T read(JsonParser parser);
  }

  /**
   * Lets {@code body} read one JSON object from {@code bytes}; the parser stands on its opening
   * brace. Nothing but white space may follow it.
   *
   * @param where what is read, for the error
   * @throws FormatException when it is not JSON, or not what {@code body} wants
   */
  static <T> T parse(InputStream bytes, String where, Body<T> body) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), strictUtf8(bytes))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(
            Fault.of("JSON is not an object").got(parser.currentToken()).expected("{"));
      }
      T result = body.read(parser);
      if (parser.nextToken() != null) {
        throw new FormatException(Fault.of("something follows the JSON object").got(at(parser)));
      }
      return result;
    } catch (JacksonException e) {
      throw broken(e, where);
    } catch (FormatException e) {
      String inner = e.fault().where();
      throw new FormatException(e.fault().where(inner == null ? where : inner + ", " + where), e);
    }
  }

  /**
   * A whole configuration file as maps, lists, strings, numbers and booleans.
   *
   * @throws FormatException when the file is missing, too large, or not a JSON object
   */
  static Map<String, Object> readObject(Path file) {
    Map<String, Object> value = read(file, new TypeReference<>() {});
    if (value == null) {
      throw notA("an object", "{", file);
    }
    return value;
  }

  /**
   * A whole file whose value is a list.
   *
   * @throws FormatException when the file is missing, too large, or not a JSON list
   */
  static List<?> readList(Path file) {
    List<Object> value = read(file, new TypeReference<>() {});
    if (value == null) {
      throw notA("a list", "[", file);
    }
    return value;
  }

  /** The literal null is JSON too. */
  private static FormatException notA(String what, String expected, Path file) {
    return new FormatException(
        Fault.of("JSON is not " + what).got("null").expected(expected).where(file));
  }

  private static <T> @Nullable T read(Path file, TypeReference<T> type) {
    try {
      long size = Files.size(file);
      if (size > MAX_CONFIG_BYTES) {
        throw new FormatException(
            Fault.of("configuration file is too large")
                .got(size + " bytes")
                .expected("at most " + MAX_CONFIG_BYTES)
                .where(file));
      }
      try (InputStream in = Files.newInputStream(file)) {
        return MAPPER.readValue(strictUtf8(in), type);
      }
    } catch (JacksonException e) {
      throw broken(e, file.toString());
    } catch (IOException e) {
      throw new FormatException(Fault.of("file can't be read").got(e).where(file), e);
    }
  }

  /** The string at the parser. */
  static String string(JsonParser parser, String what) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(parser, what, "a string");
    }
    return parser.getString();
  }

  /** The integer from 0 at the parser. */
  static long count(JsonParser parser, String what) {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrong(parser, what, "an integer");
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw wrong(parser, what, "below 2^63");
    }
    long value = parser.getLongValue();
    if (value < 0) {
      throw wrong(parser, what, "not negative");
    }
    return value;
  }

  static FormatException wrong(JsonParser parser, String what, String expected) {
    JsonToken token = parser.currentToken();
    boolean isNumber = token != null && token.isNumeric();
    return new FormatException(
        Fault.of(what + " is wrong")
            .got(isNumber ? parser.getString() : String.valueOf(token))
            .expected(expected)
            .where(at(parser)));
  }

  private static String at(JsonParser parser) {
    TokenStreamLocation place = parser.currentTokenLocation();
    return "character " + place.getCharOffset();
  }

  private static FormatException broken(JacksonException e, String where) {
    return new FormatException(
        Fault.of("JSON is broken").got(e.getOriginalMessage()).where(where), e);
  }

  private static Reader strictUtf8(InputStream bytes) {
    // A fresh decoder reports malformed input; InputStreamReader's own would replace it.
    return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
  }
}
