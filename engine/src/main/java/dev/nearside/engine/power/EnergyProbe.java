package dev.nearside.engine.power;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells what work costs in energy, as long as the system counts it. */
public final class EnergyProbe implements AutoCloseable {
  /**
   * What came of some work.
   *
   * @param joules that the source counted meanwhile, whoever took them; NaN = not counted
   */
  public record Used<T>(T result, double joules) {}

  private static final long READING_MILLIS =
      1000; // a full counter begins again; a battery's is short

  private @Nullable EnergyMeter meter;
  private @Nullable String obstacle;
  private final @Nullable Thread reader;

  /** Begins to read a source, now and then; close it. */
  public EnergyProbe(EnergySource source) {
    switch (source) {
      case EnergySource.Counted(EnergyMeter found) -> {
        meter = found;
        reader = Thread.ofVirtual().name("nearside-energy").start(this::readOften);
      }
      case EnergySource.Uncounted(String why) -> {
        obstacle = why;
        reader = null;
      }
    }
  }

  /** What is counted; null = nothing. */
  public synchronized @Nullable String source() {
    return meter == null ? null : meter.source();
  }

  /** Why nothing is counted, or not any more; null = something is. */
  public synchronized @Nullable String obstacle() {
    return obstacle;
  }

  /** Does some work and tells what it cost. */
  public <T> Used<T> during(Supplier<T> work) {
    double before = joules();
    T result = work.get();
    return new Used<>(result, joules() - before);
  }

  // A battery that is charged again is no reason to lose what else was measured.
  private synchronized double joules() {
    if (meter == null) {
      return Double.NaN;
    }
    try {
      return meter.joules();
    } catch (PowerException e) {
      obstacle = e.fault().message();
      meter = null;
      return Double.NaN;
    }
  }

  private void readOften() {
    try {
      while (!Double.isNaN(joules())) {
        Thread.sleep(READING_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.interrupt();
    }
  }
}
