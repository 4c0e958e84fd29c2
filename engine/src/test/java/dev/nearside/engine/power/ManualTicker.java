package dev.nearside.engine.power;

/** Time that passes only when it is told to, or slept through. */
final class ManualTicker implements Ticker {
  long now = Long.MAX_VALUE - 5_000_000_000L; // nanoTime may wrap
  long slept;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void sleep(long nanos) {
    now += nanos;
    slept += nanos;
  }

  void pass(double seconds) {
    now += (long) (seconds * 1e9);
  }
}
