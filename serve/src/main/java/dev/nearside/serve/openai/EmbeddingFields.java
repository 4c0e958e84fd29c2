package dev.nearside.serve.openai;

import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An embeddings request.
 *
 * @param isBase64 whether vectors are written as bytes of little-endian floats, in base64
 */
record EmbeddingFields(
    String model, EmbeddingRequest request, boolean isBase64, @Nullable Duration keepAlive) {
  private static final int MAX_INPUTS = 2048;
  private static final int MAX_DIMENSIONS = 1 << 20;

  static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "encoding_format", "user", "prefix")
          .with(FieldType.ANY, "input", "keep_alive")
          .with(FieldType.WHOLE, "dimensions")
          .with(FieldType.FLAG, "truncate", "normalize")
          .needs("model", "input");

  static EmbeddingFields read(Fields f) {
    SHAPE.check(f);
    String format = f.text("encoding_format").orElse("float");
    if (!Set.of("float", "base64").contains(format)) {
      throw f.wrong("encoding_format", "must be float or base64");
    }
    EmbeddingRequest request =
        new EmbeddingRequest(
            inputs(f),
            f.text("prefix").orElse(""),
            f.flag("normalize", true),
            f.whole("dimensions", 1, MAX_DIMENSIONS).orElse(0),
            f.flag("truncate", false));
    return new EmbeddingFields(
        f.needText("model"), request, format.equals("base64"), KeepAlive.read(f));
  }

  private static List<EmbeddingInput> inputs(Fields f) {
    JsonNode node = f.need("input");
    boolean isIds =
        node.isArray() && !node.isEmpty() && node.values().stream().allMatch(JsonNode::isNumber);
    if (node.isString() || isIds) {
      return List.of(input(f, node));
    }
    if (!node.isArray() || node.isEmpty() || node.size() > MAX_INPUTS) {
      throw f.wrong("input", "must be a text, token ids, or an array of 1 to 2048 of either");
    }
    return node.values().stream().map(member -> input(f, member)).toList();
  }

  private static EmbeddingInput input(Fields f, JsonNode node) {
    if (node.isString()) {
      return new EmbeddingInput.Text(node.stringValue());
    }
    boolean isIds =
        node.isArray()
            && !node.isEmpty()
            && node.values().stream().allMatch(id -> id.isIntegralNumber() && id.canConvertToInt());
    if (!isIds) {
      throw f.wrong("input", "must be a text, token ids, or an array of either");
    }
    return new EmbeddingInput.Tokens(
        IntStream.range(0, node.size()).map(i -> node.get(i).intValue()).toArray());
  }
}
