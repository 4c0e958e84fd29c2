package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The index of formats that exact numerics computes on as integers. */
public final class CodeReaders {
  private static final Map<TensorType, CodeReader> BY_TYPE = index();

  private CodeReaders() {}

  /** The reader of {@code type}; empty when its rows are defined by their decoded values. */
  public static Optional<CodeReader> of(TensorType type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** Every reader. */
  public static List<CodeReader> all() {
    return List.copyOf(BY_TYPE.values());
  }

  private static Map<TensorType, CodeReader> index() {
    Map<TensorType, CodeReader> map = new EnumMap<>(TensorType.class);
    for (CodeReader reader :
        List.of(
            new SimpleCodes(TensorType.Q4_0, 4, -8, false),
            new SimpleCodes(TensorType.Q4_1, 4, 0, true),
            new SimpleCodes(TensorType.Q5_0, 5, -16, false),
            new SimpleCodes(TensorType.Q5_1, 5, 0, true),
            new Q8Codes(),
            new Q2KCodes(),
            new Q3KCodes(),
            new Q45KCodes(TensorType.Q4_K),
            new Q45KCodes(TensorType.Q5_K),
            new Q6KCodes(),
            new Iq4NlCodes(),
            new Iq4XsCodes(),
            new Mxfp4Codes())) {
      map.put(reader.type(), reader);
    }
    return map;
  }
}
