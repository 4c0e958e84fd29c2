package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A line of golden.txt, made by make_golden.py beside it from llama.cpp's references.
 *
 * @param kind {@code decode} or {@code encode}
 * @param source {@code gguf-py} or {@code ggml}
 */
record Golden(String kind, TensorType type, String source, byte[] blocks, float[] values) {
  static List<Golden> load() {
    try (InputStream in = Golden.class.getResourceAsStream("golden.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "golden.txt").readAllBytes();
      return new String(bytes, StandardCharsets.US_ASCII).lines().map(Golden::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden parse(String line) {
    String[] parts = line.split(" ", -1);
    boolean isDecode = parts[0].equals("decode");
    byte[] blocks = Base64.getDecoder().decode(parts[isDecode ? 3 : 4]);
    byte[] values = Base64.getDecoder().decode(parts[isDecode ? 4 : 3]);
    TensorType type = TensorType.ofName(parts[1]).orElseThrow();
    return new Golden(parts[0], type, parts[2], blocks, floats(values));
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  int count() {
    return blocks.length / type.blockBytes();
  }

  @Override
  public String toString() {
    return kind + " " + type + " " + source;
  }
}
