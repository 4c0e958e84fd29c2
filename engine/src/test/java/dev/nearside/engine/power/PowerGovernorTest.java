package dev.nearside.engine.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets are held in time that is made here, on a processor that is made here. */
class PowerGovernorTest {
  private static final double BLOCK = 0.0007; // seconds of a stretch of work

  private final ManualTicker ticker = new ManualTicker();
  private double idleWatts = 10;
  private double busyWatts = 60;
  private double joules;
  private long seen = ticker.now;
  private boolean isBusy;

  /** Takes power by whether something is computed. */
  private final EnergyMeter processor =
      new EnergyMeter() {
        @Override
        public String source() {
          return "made";
        }

        @Override
        public double joules() {
          count();
          return joules;
        }
      };

  @Test
  void share_isTheTimeThatIsComputedIn() {
    for (double share : new double[] {0.05, 0.25, 0.5, 0.9, 1}) {
      PowerGovernor governor = governor(new PowerBudget.Share(share));
      assertEquals(share, busyShare(governor, 20, BLOCK), 0.01, "a share of " + share);
    }
  }

  @Test
  void share_longStretches_arePaidBack() {
    PowerGovernor governor = governor(new PowerBudget.Share(0.2));
    assertEquals(0.2, busyShare(governor, 60, 0.4), 0.01);
  }

  @Test
  void share_restsSeldomAndLong() {
    PowerGovernor governor = governor(new PowerBudget.Share(0.5));
    List<Long> rests = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      long rest = governor.begin(() -> false);
      if (rest > 0) {
        rests.add(rest);
      }
      ticker.pass(BLOCK);
      governor.end();
    }
    double longest = rests.stream().mapToLong(Long::longValue).max().orElseThrow() * 1e-9;
    double shortest = rests.stream().mapToLong(Long::longValue).min().orElseThrow() * 1e-9;
    assertTrue(shortest >= 0.009 && longest <= 0.02, shortest + " to " + longest + " s");
  }

  @Test
  void share_idleTime_isSavedUpForATenthOfASecondOnly() {
    PowerGovernor governor = governor(new PowerBudget.Share(0.5));
    busyShare(governor, 1, BLOCK);
    ticker.pass(3600);
    long start = ticker.now;
    while (governor.begin(() -> false) == 0) {
      ticker.pass(BLOCK);
      governor.end();
    }
    double seconds = (ticker.now - start) * 1e-9;
    assertTrue(seconds > 0.09 && seconds < 0.15, "until it rests: " + seconds + " s");
  }

  @Test
  void share_severalEngines_haveItTogether() {
    PowerGovernor governor = governor(new PowerBudget.Share(0.5));
    long start = ticker.now;
    double busy = 0;
    while (ticker.now - start < 20_000_000_000L) {
      governor.begin(() -> false);
      ticker.pass(BLOCK / 2);
      governor.begin(() -> true); // overlaps the first
      ticker.pass(BLOCK / 2);
      governor.end();
      ticker.pass(BLOCK / 2);
      governor.end();
      busy += 1.5 * BLOCK;
    }
    // Time in which both compute is counted once.
    assertEquals(0.5, busy / ((ticker.now - start) * 1e-9), 0.01);
  }

  @Test
  void share_hurried_restsNoMore() {
    PowerGovernor governor = governor(new PowerBudget.Share(0.05));
    busyShare(governor, 1, BLOCK);
    long slept = ticker.slept;
    for (int i = 0; i < 100; i++) {
      assertEquals(0, governor.begin(() -> true));
      ticker.pass(BLOCK);
      governor.end();
    }
    assertEquals(slept, ticker.slept);
  }

  @Test
  void share_interruptedThread_goesOnAndStaysInterrupted() {
    Ticker impatient =
        new Ticker() {
          @Override
          public long nanos() {
            return ticker.now;
          }

          @Override
          public void sleep(long nanos) throws InterruptedException {
            throw new InterruptedException();
          }
        };
    PowerGovernor governor = new PowerGovernor(new PowerBudget.Share(0.1), null, impatient);
    assertEquals(1, busyShare(governor, 1, BLOCK), 1e-3);
    assertTrue(Thread.interrupted());
  }

  @Test
  void watts_areHeldOnAverage() {
    for (double watts : new double[] {15, 30, 55}) {
      PowerGovernor governor = governor(new PowerBudget.Watts(watts));
      busyShare(governor, 2, BLOCK);
      double before = processor.joules();
      long start = ticker.now;
      double share = busyShare(governor, 30, BLOCK);
      double average = (processor.joules() - before) / ((ticker.now - start) * 1e-9);
      assertEquals(watts, average, 0.02 * watts);
      assertEquals((watts - idleWatts) / (busyWatts - idleWatts), share, 0.03);
    }
  }

  @Test
  void watts_moreThanIsTaken_costNothing() {
    PowerGovernor governor = governor(new PowerBudget.Watts(61));
    assertEquals(1, busyShare(governor, 5, BLOCK), 1e-4);
  }

  @Test
  void watts_belowWhatAnIdleMachineTakes_stillComputesALittle() {
    PowerGovernor governor = governor(new PowerBudget.Watts(8));
    assertEquals(PowerBudget.LEAST_SHARE, busyShare(governor, 60, BLOCK), 0.005);
  }

  @Test
  void watts_loadOfOthers_isMadeUpFor() {
    PowerGovernor governor = governor(new PowerBudget.Watts(30));
    busyShare(governor, 5, BLOCK);
    idleWatts = 25; // somebody else works
    busyWatts = 65;
    busyShare(governor, 5, BLOCK);
    double before = processor.joules();
    long start = ticker.now;
    busyShare(governor, 20, BLOCK);
    assertEquals(30, (processor.joules() - before) / ((ticker.now - start) * 1e-9), 0.6);
  }

  @Test
  void of_wattsWithoutCounters_saysWhyAndWhatToDo(@TempDir Path root) {
    EnergyMeters none = new MadeSystem(root).meters();
    PowerException e =
        assertThrows(PowerException.class, () -> PowerGovernor.of(new PowerBudget.Watts(10), none));
    assertTrue(e.fault().message().contains("got 10 W"), e.fault().message());
    assertTrue(e.fault().message().contains("powercap"), e.fault().message());
    assertTrue(e.fault().message().contains("50%") && e.fault().message().contains("--threads"));
  }

  @Test
  void of_shareWithoutCounters_works(@TempDir Path root) throws Exception {
    PowerBudget half = new PowerBudget.Share(0.5);
    assertEquals(half, PowerGovernor.of(half, new MadeSystem(root).meters()).budget());
  }

  @Test
  void of_wattsWithCounters_works(@TempDir Path root) throws Exception {
    MadeSystem system = new MadeSystem(root);
    system.zone("intel-rapl:0", "package-0", 0, 1L << 40);
    PowerGovernor governor = PowerGovernor.of(new PowerBudget.Watts(10), system.meters());
    assertInstanceOf(PowerBudget.Watts.class, governor.budget());
  }

  private PowerGovernor governor(PowerBudget budget) {
    EnergyMeter meter = budget instanceof PowerBudget.Watts ? processor : null;
    return new PowerGovernor(budget, meter, ticker);
  }

  // Works for so many seconds, and gives the part of them that was work.
  private double busyShare(PowerGovernor governor, double seconds, double block) {
    long start = ticker.now;
    double busy = 0;
    while (ticker.now - start < seconds * 1e9) {
      governor.begin(() -> false);
      count();
      isBusy = true;
      ticker.pass(block);
      busy += block;
      count();
      isBusy = false;
      governor.end();
    }
    return busy / ((ticker.now - start) * 1e-9);
  }

  private void count() {
    joules += (isBusy ? busyWatts : idleWatts) * (ticker.now - seen) * 1e-9;
    seen = ticker.now;
  }
}
