package dev.nearside.model.golden;

import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model file with some metadata set and some tensors filled.
 *
 * @param fill value by pattern of the tensor's name ({@code *} any text, {@code ?} any character)
 */
record ChangedFile(TensorFile file, Metadata metadata, Map<String, Double> fill)
    implements TensorFile {

  static ChangedFile of(TensorFile file, Map<String, Object> set, Map<String, Object> fill) {
    Map<String, MetaValue> values = new LinkedHashMap<>(file.metadata().values());
    set.forEach((key, value) -> values.put(key, value(value)));
    Map<String, Double> numbers = new LinkedHashMap<>();
    fill.forEach((k, v) -> numbers.put(k, ((Number) v).doubleValue()));
    return new ChangedFile(file, Metadata.of(values), numbers);
  }

  private static MetaValue value(Object value) {
    return switch (value) {
      case String s -> MetaValue.of(s);
      case Boolean b -> MetaValue.of(b);
      case Integer i -> MetaValue.int32(i);
      case Number n -> new MetaValue.Real(MetaType.FLOAT64, n.doubleValue());
      default -> throw new IllegalArgumentException(String.valueOf(value));
    };
  }

  @Override
  public List<TensorInfo> tensors() {
    return file.tensors();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return file.find(name)
        .map(info ->
            filling(name).isPresent()
                ? TensorInfo.sized(name, TensorType.F32, info.shape(), 0, 0)
                : info);
  }

  @Override
  public MemorySegment data(TensorInfo tensor) {
    Optional<Double> value = filling(tensor.name());
    if (value.isEmpty()) {
      return file.data(tensor);
    }
    MemorySegment out = Arena.ofAuto().allocate(tensor.bytes(), 64);
    for (long i = 0; i < tensor.elems(); i++) {
      out.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, value.get().floatValue());
    }
    return out;
  }

  private Optional<Double> filling(String name) {
    return fill.entrySet().stream()
        .filter(e ->
            Pattern.matches(
                e.getKey().replace(".", "\\.").replace("*", ".*").replace("?", "."), name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  @Override
  public void close() {
    file.close();
  }
}
