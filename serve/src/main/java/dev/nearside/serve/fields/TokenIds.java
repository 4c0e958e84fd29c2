package dev.nearside.serve.fields;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A prompt that is tokens already. */
public final class TokenIds {
  private TokenIds() {}

  /** The ids; null when it is no array, or holds something else than whole numbers of 32 bits. */
  public static int @Nullable [] read(JsonNode node) {
    boolean isIds =
        node.isArray()
            && node.values().stream().allMatch(id -> id.isIntegralNumber() && id.canConvertToInt());
    return isIds
        ? IntStream.range(0, node.size()).map(i -> node.get(i).intValue()).toArray()
        : null;
  }
}
