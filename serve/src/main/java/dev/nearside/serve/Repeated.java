package dev.nearside.serve;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A task that is done on and on, also after it failed.
 *
 * @param millis between the end of one time and the begin of the next
 * @param isOn whether it is still to be done
 */
record Repeated(Scheduler scheduler, long millis, BooleanSupplier isOn, Runnable task)
    implements Runnable {
  private static final System.Logger LOG = System.getLogger(Repeated.class.getName());

  @Override
  public void run() {
    if (!isOn.getAsBoolean()) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.WARNING, "a task failed, and is tried again: " + e, e);
    } finally {
      scheduler.schedule(this, millis, TimeUnit.MILLISECONDS);
    }
  }
}
