package dev.nearside.engine.power;

import java.util.concurrent.TimeUnit;

/** Time that passes, and can be waited for. */
interface Ticker {
  /** The time of this machine. */
  Ticker REAL =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(nanos);
        }
      };

  /** As {@link System#nanoTime}. */
  long nanos();

  void sleep(long nanos) throws InterruptedException;
}
