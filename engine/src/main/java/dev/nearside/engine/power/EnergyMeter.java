package dev.nearside.engine.power;

/** Counts energy. Many threads may read it. */
public interface EnergyMeter {
  /** What is counted and where that is read, for people. */
  String source();

  /**
   * Joules since the meter was opened; never falls. To be read once a minute at least: counters
   * begin again at 0 when they are full.
   *
   * @throws PowerException when the counters tell no more
   */
  double joules();
}
