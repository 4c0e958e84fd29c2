package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The barrier pool: every item once, before run returns, whatever happens in a band. */
@Timeout(60)
class WorkersTest {
  private interface Split {
    void of(Workers workers, int items, int least, Workers.Band job);
  }

  @Test
  void run_manyJobs_touchesEveryItemOnce() {
    touchesEveryItemOnce(Workers::run);
  }

  @Test
  void share_manyJobs_touchesEveryItemOnce() {
    touchesEveryItemOnce((workers, items, least, job) -> workers.share(items, job));
  }

  private static void touchesEveryItemOnce(Split split) {
    for (int threads = 1; threads <= 5; threads++) {
      try (Workers workers = new Workers(threads)) {
        for (int job = 0; job < 3000; job++) {
          int items = job % 67;
          AtomicIntegerArray hits = new AtomicIntegerArray(67);
          split.of(
              workers,
              items,
              1 + job % 3,
              (from, to, thread) -> {
                for (int i = from; i < to; i++) {
                  hits.incrementAndGet(i);
                }
              });
          for (int i = 0; i < 67; i++) {
            assertEquals(i < items ? 1 : 0, hits.get(i), "job " + job + " item " + i);
          }
        }
      }
    }
  }

  @Test
  void share_aThreadIsHeldUp_othersTakeTheRest() {
    try (Workers workers = new Workers(2)) {
      AtomicIntegerArray by = new AtomicIntegerArray(2);
      workers.share(
          100,
          (from, to, thread) -> {
            by.addAndGet(thread, to - from);
            if (thread == 1) {
              LockSupport.parkNanos(50_000_000);
            } else {
              LockSupport.parkNanos(1_000_000);
            }
          });
      assertEquals(100, by.get(0) + by.get(1));
      assertTrue(by.get(1) < 50, "taken by the one that was held up: " + by.get(1));
    }
  }

  @Test
  void run_afterThreadsParked_wakesThem() {
    try (Workers workers = new Workers(3)) {
      for (int job = 0; job < 20; job++) {
        LockSupport.parkNanos(3_000_000);
        Set<Integer> threads = ConcurrentHashMap.newKeySet();
        workers.run(3, 1, (from, to, thread) -> threads.add(thread));
        assertEquals(Set.of(0, 1, 2), threads);
      }
    }
  }

  @Test
  void run_slowWorker_waitsForIt() {
    try (Workers workers = new Workers(2)) {
      boolean[] isDone = new boolean[1];
      workers.run(
          2,
          1,
          (from, to, thread) -> {
            if (thread == 1) {
              LockSupport.parkNanos(20_000_000);
              isDone[0] = true;
            }
          });
      assertTrue(isDone[0]);
    }
  }

  @Test
  void run_bandThrows_rethrowsAndStaysUsable() {
    try (Workers workers = new Workers(3)) {
      for (int bad = 0; bad < 3; bad++) {
        int thrower = bad;
        IllegalStateException e =
            assertThrows(
                IllegalStateException.class,
                () ->
                    workers.run(
                        3,
                        1,
                        (from, to, thread) -> {
                          if (thread == thrower) {
                            throw new IllegalStateException("band " + thread);
                          }
                        }));
        assertEquals("band " + bad, e.getMessage());
        int[] sum = new int[3];
        workers.run(3, 1, (from, to, thread) -> sum[thread] = to - from);
        assertEquals(3, sum[0] + sum[1] + sum[2]);
      }
    }
  }

  @Test
  void close_stopsThreads_andLaterJobsRunOnTheCaller() {
    Workers workers = new Workers(4);
    workers.close();
    int[] last = new int[1];
    workers.run(10, 1, (from, to, thread) -> last[0] = to * 10 + thread);
    assertEquals(100, last[0]);
  }
}
