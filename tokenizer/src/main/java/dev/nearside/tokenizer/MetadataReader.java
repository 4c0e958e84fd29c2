package dev.nearside.tokenizer;

import dev.nearside.base.Fault;
import java.lang.reflect.Array;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a GGUF file's metadata, given as plain values, into a {@link TokenizerSpec}. */
final class MetadataReader {
  private static final String PREFIX = "tokenizer.ggml.";

  private final Map<String, ?> metadata;

  MetadataReader(Map<String, ?> metadata) {
    this.metadata = metadata;
  }

  TokenizerSpec read() {
    String model = string(PREFIX + "model");
    if (model == null) {
      throw missing(PREFIX + "model");
    }
    String[] tokens = strings(PREFIX + "tokens");
    if (tokens == null) {
      throw missing(PREFIX + "tokens");
    }
    return new TokenizerSpec(
        model,
        string(PREFIX + "pre"),
        tokens,
        floats(PREFIX + "scores"),
        ints(PREFIX + "token_type"),
        strings(PREFIX + "merges"),
        roles(),
        flags(),
        bytes(PREFIX + "precompiled_charsmap"),
        string("general.name"),
        string("general.architecture"));
  }

  private Map<SpecialRole, Integer> roles() {
    Map<SpecialRole, Integer> found = new EnumMap<>(SpecialRole.class);
    for (SpecialRole role : SpecialRole.values()) {
      for (String key : role.keys()) {
        Object value = metadata.get(PREFIX + key);
        if (value != null) {
          long id = number(PREFIX + key, value).longValue();
          // Out of range: kept as an impossible id, which is dropped with the others later.
          found.putIfAbsent(role, id < 0 || id > Integer.MAX_VALUE ? -1 : (int) id);
        }
      }
    }
    return found;
  }

  private Map<VocabularyFlag, Boolean> flags() {
    Map<VocabularyFlag, Boolean> found = new EnumMap<>(VocabularyFlag.class);
    for (VocabularyFlag flag : VocabularyFlag.values()) {
      Object value = metadata.get(PREFIX + flag.key());
      if (value instanceof Boolean on) {
        found.put(flag, on);
      } else if (value != null) {
        throw wrongType(PREFIX + flag.key(), value, "a boolean");
      }
    }
    return found;
  }

  private @Nullable String string(String key) {
    Object value = metadata.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(key, value, "a string");
  }

  private String @Nullable [] strings(String key) {
    Object value = metadata.get(key);
    if (value == null || value instanceof String[]) {
      return (String[]) value;
    }
    String[] out = new String[length(key, value, "strings")];
    for (int i = 0; i < out.length; i++) {
      Object item = item(value, i);
      if (!(item instanceof String text)) {
        throw wrongType(key + "[" + i + "]", item, "a string");
      }
      out[i] = text;
    }
    return out;
  }

  private float @Nullable [] floats(String key) {
    Object value = metadata.get(key);
    if (value == null || value instanceof float[]) {
      return (float[]) value;
    }
    float[] out = new float[length(key, value, "numbers")];
    for (int i = 0; i < out.length; i++) {
      out[i] = number(key, item(value, i)).floatValue();
    }
    return out;
  }

  private int @Nullable [] ints(String key) {
    Object value = metadata.get(key);
    if (value == null || value instanceof int[]) {
      return (int[]) value;
    }
    int[] out = new int[length(key, value, "numbers")];
    for (int i = 0; i < out.length; i++) {
      out[i] = number(key, item(value, i)).intValue();
    }
    return out;
  }

  private byte @Nullable [] bytes(String key) {
    Object value = metadata.get(key);
    if (value == null || value instanceof byte[]) {
      return (byte[]) value;
    }
    byte[] out = new byte[length(key, value, "bytes")];
    for (int i = 0; i < out.length; i++) {
      out[i] = number(key, item(value, i)).byteValue();
    }
    return out;
  }

  private static int length(String key, Object value, String what) {
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value.getClass().isArray()) {
      return Array.getLength(value);
    }
    throw wrongType(key, value, "an array of " + what);
  }

  private static @Nullable Object item(Object value, int index) {
    return value instanceof List<?> list ? list.get(index) : Array.get(value, index);
  }

  private static Number number(String key, @Nullable Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw wrongType(key, value, "a number");
  }

  private static TokenizerException missing(String key) {
    return new TokenizerException(Fault.of("the file has no vocabulary").expected(key));
  }

  private static TokenizerException wrongType(String key, @Nullable Object value, String wanted) {
    return new TokenizerException(
        Fault.of("metadata of the wrong type")
            .got(value == null ? "nothing" : value.getClass().getSimpleName())
            .expected(wanted)
            .where(key));
  }
}
