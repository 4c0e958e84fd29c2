package dev.nearside.serve.openai;

import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.serve.fields.EmbeddingInputs;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An embeddings request.
 *
 * @param isBase64 whether vectors are written as bytes of little-endian floats, in base64
 */
record EmbeddingFields(
    String model, EmbeddingRequest request, boolean isBase64, @Nullable Duration keepAlive) {
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
            EmbeddingInputs.read(f, "input"),
            f.text("prefix").orElse(""),
            f.flag("normalize", true),
            f.whole("dimensions", 1, MAX_DIMENSIONS).orElse(0),
            f.flag("truncate", false));
    return new EmbeddingFields(
        f.needText("model"), request, format.equals("base64"), KeepAlive.read(f));
  }
}
