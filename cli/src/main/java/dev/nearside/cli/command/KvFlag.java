package dev.nearside.cli.command;

import dev.nearside.model.kv.KvType;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --kv}: how keys and values are kept. */
final class KvFlag {
  @Option(
      names = "--kv",
      paramLabel = "TYPE",
      converter = Reader.class,
      description = "Keep keys and values as f16 (the default) or q8_0, in half the memory.")
  @Nullable KvType given;

  boolean isGiven() {
    return given != null;
  }

  KvType type() {
    return given == null ? KvType.F16 : given;
  }

  static final class Reader implements ITypeConverter<KvType> {
    @Override
    public KvType convert(String value) {
      return Arrays.stream(KvType.values())
          .filter(type -> type.name().equals(value.toUpperCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + value + "' is not f16 or q8_0"));
    }
  }
}
