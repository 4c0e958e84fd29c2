package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.model.Numerics;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --numerics}: the arithmetic of prompts. */
final class NumericsFlag {
  private static final String VARIABLE = "NEARSIDE_NUMERICS";

  @Option(
      names = "--numerics",
      paramLabel = "NAME",
      converter = Reader.class,
      description =
          "exact (the default), or fast: prompts with 8-bit activations, quicker on some CPUs."
              + " Also NEARSIDE_NUMERICS.")
  @Nullable Numerics given;

  /**
   * The flag beats the environment.
   *
   * @throws ChatException when the environment names none
   */
  Numerics choose(Map<String, String> env) {
    if (given != null) {
      return given;
    }
    String name = env.getOrDefault(VARIABLE, "");
    return name.isBlank()
        ? Numerics.EXACT
        : named(name)
            .orElseThrow(() ->
                new ChatException(
                    Fault.of(VARIABLE + " names no numerics").got(name).expected("exact or fast")));
  }

  static String name(Numerics numerics) {
    return numerics.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Numerics> named(String name) {
    return Arrays.stream(Numerics.values())
        .filter(numerics -> numerics.name().equals(name.strip().toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  static final class Reader implements ITypeConverter<Numerics> {
    @Override
    public Numerics convert(String value) {
      return named(value)
          .orElseThrow(() -> new TypeConversionException("'" + value + "' is not exact or fast"));
    }
  }
}
