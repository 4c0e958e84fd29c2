package dev.nearside.cli.command;

import dev.nearside.engine.power.EnergyMeters;
import dev.nearside.engine.power.PowerBudget;
import dev.nearside.engine.power.PowerException;
import dev.nearside.engine.power.PowerGovernor;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --power-budget}: how much power computing may take. */
final class PowerFlag {
  private static final String VARIABLE = "NEARSIDE_POWER_BUDGET";

  @Option(
      names = "--power-budget",
      paramLabel = "BUDGET",
      converter = Reader.class,
      description =
          "Compute with less power, and slower: in a share of the time, such as 50%%, or in as much"
              + " of it as keeps the processor below so many watts on average, such as 15W, where"
              + " the system counts them. Also NEARSIDE_POWER_BUDGET. It changes no token.")
  @Nullable PowerBudget given;

  boolean isGiven() {
    return given != null;
  }

  /**
   * What holds the budget; null without one. The flag beats the environment.
   *
   * @throws PowerException when it can't be held here
   */
  @Nullable PowerGovernor governor(Map<String, String> env) throws InterruptedException {
    PowerBudget budget = given != null ? given : fromEnvironment(env);
    return budget == null ? null : PowerGovernor.of(budget, EnergyMeters.ofMachine());
  }

  private static @Nullable PowerBudget fromEnvironment(Map<String, String> env) {
    String text = env.getOrDefault(VARIABLE, "");
    if (text.isBlank()) {
      return null;
    }
    try {
      return PowerBudget.parse(text);
    } catch (PowerException e) {
      throw new PowerException(e.fault().where(VARIABLE), e);
    }
  }

  static final class Reader implements ITypeConverter<PowerBudget> {
    @Override
    public PowerBudget convert(String value) {
      try {
        return PowerBudget.parse(value);
      } catch (PowerException e) {
        throw new TypeConversionException(e.fault().message());
      }
    }
  }
}
