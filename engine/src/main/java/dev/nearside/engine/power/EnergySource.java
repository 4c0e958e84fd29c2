package dev.nearside.engine.power;

/** Whether a system counts energy. */
public sealed interface EnergySource {
  /** It does. */
  record Counted(EnergyMeter meter) implements EnergySource {}

  /**
   * It does not.
   *
   * @param why one sentence without its full stop: what is missing, and who could change that
   */
  record Uncounted(String why) implements EnergySource {}
}
