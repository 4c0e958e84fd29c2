package dev.nearside.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the metadata of a trusted GGUF file, for tests; the real reader is in module format. */
final class GgufMetadata {
  private final ByteBuffer in;

  private GgufMetadata(ByteBuffer in) {
    this.in = in;
  }

  static Map<String, Object> read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = Math.min(channel.size(), Integer.MAX_VALUE);
      ByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      return new GgufMetadata(map.order(ByteOrder.LITTLE_ENDIAN)).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> read() {
    in.position(16);
    long count = in.getLong();
    Map<String, Object> out = new HashMap<>();
    for (long i = 0; i < count; i++) {
      String key = string();
      out.put(key, value(in.getInt()));
    }
    return out;
  }

  private Object value(int type) {
    return switch (type) {
      case 0, 1 -> (int) in.get();
      case 2, 3 -> (int) in.getShort();
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> string();
      case 9 -> array(in.getInt(), Math.toIntExact(in.getLong()));
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new IllegalStateException("type " + type);
    };
  }

  private Object array(int type, int length) {
    if (type == 8) {
      String[] out = new String[length];
      for (int i = 0; i < length; i++) {
        out[i] = string();
      }
      return out;
    }
    Object[] out = new Object[length];
    for (int i = 0; i < length; i++) {
      out[i] = value(type);
    }
    return java.util.Arrays.asList(out);
  }

  private String string() {
    byte[] bytes = new byte[Math.toIntExact(in.getLong())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
