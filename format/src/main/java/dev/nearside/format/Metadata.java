package dev.nearside.format;

import dev.nearside.base.Fault;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The key-value part of a model file, in the file's order. Values live on the heap and stay usable
 * after the file is closed.
 *
 * <p>{@code x(key)} wants the value and throws {@link FormatException} when the key is missing or
 * has another type; {@code findX(key)} is empty when the key is missing, and still throws on
 * another type, because a value of the wrong type is a broken file and not a missing one. Integers
 * of any width are one kind, floats of any width another; a float may be stored as an integer.
 */
public final class Metadata {
  private static final Metadata EMPTY = new Metadata(Map.of());

  private final Map<String, MetaValue> values;

  private Metadata(Map<String, MetaValue> values) {
    this.values = values;
  }

  public static Metadata empty() {
    return EMPTY;
  }

  /** A copy of {@code values}, in their order. */
  public static Metadata of(Map<String, MetaValue> values) {
    return new Metadata(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
  }

  /** Key and typed value, in the file's order. */
  public Map<String, MetaValue> values() {
    return values;
  }

  public Set<String> keys() {
    return values.keySet();
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public Optional<MetaValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  public String string(String key) {
    return required(key, findString(key));
  }

  public Optional<String> findString(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case MetaValue.Text text -> Optional.of(text.value());
      case MetaValue other -> throw wrongType(key, other, "a string");
    };
  }

  public boolean flag(String key) {
    return required(key, findFlag(key));
  }

  public Optional<Boolean> findFlag(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case MetaValue.Flag flag -> Optional.of(flag.value());
      case MetaValue other -> throw wrongType(key, other, "a boolean");
    };
  }

  /** An integer of any width; a UINT64 above {@link Long#MAX_VALUE} is an error. */
  public long integer(String key) {
    return required(key, find(key).map(v -> toLong(key, v)));
  }

  public OptionalLong findInteger(String key) {
    MetaValue value = values.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(toLong(key, value));
  }

  /** An integer of any width that fits an int. */
  public int int32(String key) {
    return required(key, findInt32(key));
  }

  /** An integer of any width that fits an int. */
  public Optional<Integer> findInt32(String key) {
    return find(key).map(v -> toInt(key, toLong(key, v)));
  }

  /** A number; integers are widened. */
  public double real(String key) {
    return required(key, find(key).map(v -> toDouble(key, v)));
  }

  public OptionalDouble findReal(String key) {
    MetaValue value = values.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(toDouble(key, value));
  }

  public List<String> strings(String key) {
    return required(key, findStrings(key));
  }

  public Optional<List<String>> findStrings(String key) {
    return findArray(key, MetaArray::strings);
  }

  public int[] ints(String key) {
    return required(key, findInts(key));
  }

  public Optional<int[]> findInts(String key) {
    return findArray(key, MetaArray::ints);
  }

  public float[] floats(String key) {
    return required(key, findFloats(key));
  }

  public Optional<float[]> findFloats(String key) {
    return findArray(key, MetaArray::floats);
  }

  public boolean[] flags(String key) {
    return required(key, findFlags(key));
  }

  public Optional<boolean[]> findFlags(String key) {
    return findArray(key, MetaArray::flags);
  }

  /**
   * A hyper-parameter that is one integer for all layers, or an array with one per layer.
   *
   * @return {@code layers} values
   * @throws FormatException when an array has another length
   */
  public int[] perLayer(String key, int layers) {
    return required(key, findPerLayer(key, layers));
  }

  /** Like {@link #perLayer}, empty when the key is missing. */
  public Optional<int[]> findPerLayer(String key, int layers) {
    if (!(values.get(key) instanceof MetaValue.Many)) {
      return findInt32(key)
          .map(one -> {
            int[] all = new int[layers];
            Arrays.fill(all, one);
            return all;
          });
    }
    int[] all = ints(key);
    if (all.length != layers) {
      throw new FormatException(
          Fault.of("array has not one value per layer")
              .got(all.length)
              .expected(layers)
              .where("metadata key " + key));
    }
    return Optional.of(all);
  }

  /**
   * The values as plain Java: Boolean, Long (BigInteger for a UINT64 above it), Float, Double,
   * String, {@code List<String>}, long[], int[], float[], double[], boolean[].
   */
  public Map<String, Object> asMap() {
    Map<String, Object> out = new LinkedHashMap<>();
    values.forEach((key, value) -> out.put(key, plain(key, value)));
    return Collections.unmodifiableMap(out);
  }

  private static Object plain(String key, MetaValue value) {
    return switch (value) {
      case MetaValue.Flag flag -> flag.value();
      case MetaValue.Text text -> text.value();
      case MetaValue.Whole whole ->
          whole.type() == MetaType.UINT64 && whole.value() < 0
              ? new BigInteger(Long.toUnsignedString(whole.value()))
              : (Object) whole.value();
      case MetaValue.Real real ->
          real.type() == MetaType.FLOAT32 ? (Object) (float) real.value() : real.value();
      case MetaValue.Many many -> located(key, many.array(), Metadata::plainArray);
    };
  }

  private static Object plainArray(MetaArray array) {
    return switch (array.elementType()) {
      case UINT8, INT8, UINT16, INT16, INT32 -> array.ints();
      case UINT32, UINT64, INT64 -> array.longs();
      case FLOAT32 -> array.floats();
      case FLOAT64 -> array.doubles();
      case BOOL -> array.flags();
      case STRING -> array.strings();
      case ARRAY -> throw new IllegalStateException("array of arrays");
    };
  }

  private <T> Optional<T> findArray(String key, Function<MetaArray, T> decode) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case MetaValue.Many many -> Optional.of(located(key, many.array(), decode));
      case MetaValue other -> throw wrongType(key, other, "an array");
    };
  }

  /** Adds the key to what the array says is wrong. */
  private static <T> T located(String key, MetaArray array, Function<MetaArray, T> decode) {
    try {
      return decode.apply(array);
    } catch (FormatException e) {
      String inner = e.fault().where();
      String where = "metadata key " + key + (inner == null ? "" : ", " + inner);
      throw new FormatException(e.fault().where(where), e);
    }
  }

  private static long toLong(String key, MetaValue value) {
    if (!(value instanceof MetaValue.Whole whole)) {
      throw wrongType(key, value, "an integer");
    }
    if (whole.type() == MetaType.UINT64 && whole.value() < 0) {
      throw new FormatException(
          Fault.of("integer is out of range")
              .got(Long.toUnsignedString(whole.value()))
              .expected("at most " + Long.MAX_VALUE)
              .where("metadata key " + key));
    }
    return whole.value();
  }

  private static int toInt(String key, long value) {
    if (value != (int) value) {
      throw new FormatException(
          Fault.of("integer is out of range")
              .got(value)
              .expected("a 32-bit integer")
              .where("metadata key " + key));
    }
    return (int) value;
  }

  private static double toDouble(String key, MetaValue value) {
    return switch (value) {
      case MetaValue.Real real -> real.value();
      case MetaValue.Whole whole -> (double) toLong(key, whole);
      case MetaValue.Flag flag -> throw wrongType(key, flag, "a number");
      case MetaValue.Text text -> throw wrongType(key, text, "a number");
      case MetaValue.Many many -> throw wrongType(key, many, "a number");
    };
  }

  private static <T> T required(String key, Optional<T> value) {
    return value.orElseThrow(() ->
        new FormatException(
            Fault.of("metadata key is missing").expected(key).where("metadata key " + key)));
  }

  private static FormatException wrongType(String key, MetaValue value, String wanted) {
    return new FormatException(
        Fault.of("metadata value has another type")
            .got(value.type())
            .expected(wanted)
            .where("metadata key " + key));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metadata that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
