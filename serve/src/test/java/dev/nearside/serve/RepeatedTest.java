package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatedTest {
  private final ScheduledExecutorScheduler scheduler =
      new ScheduledExecutorScheduler("test-timer", true);
  private final AtomicInteger times = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    scheduler.start();
  }

  @AfterEach
  void stop() throws Exception {
    scheduler.stop();
  }

  @Test
  void taskThatThrows_isDoneAgain() throws Exception {
    Runnable task =
        () -> {
          switch (times.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("on purpose");
            case 2 -> throw new LinkageError("on purpose");
            default -> {}
          }
        };
    new Repeated(scheduler, 1, () -> true, task).run();
    assertTrue(ServerUnderTest.eventually(() -> times.get() > 3), "it was given up");
  }

  @Test
  void task_endsWithItsServer() throws Exception {
    AtomicBoolean isOn = new AtomicBoolean(true);
    new Repeated(scheduler, 1, isOn::get, times::incrementAndGet).run();
    assertTrue(ServerUnderTest.eventually(() -> times.get() > 1));
    isOn.set(false);
    Thread.sleep(50);
    int then = times.get();
    Thread.sleep(50);
    assertEquals(then, times.get());
  }
}
