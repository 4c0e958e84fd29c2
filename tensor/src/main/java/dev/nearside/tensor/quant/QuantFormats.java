package dev.nearside.tensor.quant;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The index of quantised formats: a new one is one line here. */
public final class QuantFormats {
  private static final List<QuantFormat> ALL =
      List.of(
          new F64(),
          new F32(),
          new F16(),
          new Bf16(),
          new Q8_0(),
          new Q8_1(),
          new Q8K(),
          new Q6K(),
          new Q5_0(),
          new Q5_1(),
          new Q5K(),
          new Q4_0(),
          new Q4_1(),
          new Q4K(),
          new Iq4Nl(),
          new Iq4Xs(),
          new Mxfp4(),
          new Nvfp4(),
          new Q3K(),
          new Iq3Xxs(),
          new Iq3S(),
          new Q2_0(),
          new Q2K(),
          new Iq2Xxs(),
          new Iq2Xs(),
          new Iq2S(),
          new Tq2_0(),
          new Tq1_0(),
          new Iq1S(),
          new Iq1M(),
          new Q1_0());

  private static final Map<TensorType, QuantFormat> BY_TYPE = byType();

  private QuantFormats() {}

  /** Every format: families from the most bits to the fewest. */
  public static List<QuantFormat> all() {
    return ALL;
  }

  /** The decoder of {@code type}; empty when there is none (integers). */
  public static Optional<QuantFormat> decoder(TensorType type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** The encoder of {@code type}; empty when there is none. */
  public static Optional<QuantEncoder> encoder(TensorType type) {
    return decoder(type).filter(QuantEncoder.class::isInstance).map(QuantEncoder.class::cast);
  }

  /**
   * The decoder of {@code type}.
   *
   * @throws TensorException when there is none
   */
  public static QuantFormat requireDecoder(TensorType type) {
    return decoder(type)
        .orElseThrow(() ->
            new TensorException(
                Fault.of("tensor type does not hold weights")
                    .got(type)
                    .expected("a type that decodes to float32")));
  }

  /**
   * The encoder of {@code type}.
   *
   * @throws TensorException when there is none
   */
  public static QuantEncoder requireEncoder(TensorType type) {
    return encoder(type)
        .orElseThrow(() ->
            new TensorException(
                Fault.of("tensor type can't be written")
                    .got(type)
                    .expected(
                        "one of "
                            + ALL.stream()
                                .filter(QuantEncoder.class::isInstance)
                                .map(QuantFormat::type)
                                .toList())));
  }

  private static Map<TensorType, QuantFormat> byType() {
    Map<TensorType, QuantFormat> map = new EnumMap<>(TensorType.class);
    for (QuantFormat format : ALL) {
      map.put(format.type(), format);
    }
    return map;
  }
}
