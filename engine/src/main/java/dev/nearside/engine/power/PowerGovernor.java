package dev.nearside.engine.power;

import dev.nearside.base.Fault;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds a budget by resting between two stretches of work (a block of a model: milliseconds). It
 * changes when something is computed, and nothing of what is computed. One governor is for all
 * engines of a process, for they share the processor; any thread may call it.
 *
 * <p>It is an account. Credit comes in at the budget's rate, in joules or in seconds of computing,
 * and goes out as the meter or the clock says. Who has none rests until there is some for 10 ms;
 * that gap is what keeps it from switching all the time. Credit is kept for 0.1 s at most, so an
 * idle machine does not save up for a peak; so is a debt, for 10 s.
 */
public final class PowerGovernor {
  private static final System.Logger LOG = System.getLogger(PowerGovernor.class.getName());
  private static final double MOST_CREDIT_SECONDS = 0.1;
  private static final double RESUME_SECONDS = 0.01;
  private static final double MOST_DEBT_SECONDS = 10;
  private static final long READING_NANOS = 5_000_000; // the least between two looks at the meter
  private static final long SHORT_NANOS = 200_000; // less is no rest
  private static final long NAP_NANOS = 50_000_000; // the most between two looks at what is wanted
  private static final double NEARLY = 0.9; // of a budget
  private static final double REST_PER_WORK = 1 / PowerBudget.LEAST_SHARE - 1;

  private final PowerBudget budget;
  private final double rate; // joules, or seconds of computing, per second
  private final @Nullable EnergyMeter meter; // null: computing is counted by the clock
  private final Ticker ticker;

  private double credit;
  private double spent; // as it was at `updated`
  private long updated;
  private int computing; // stretches of work under way
  private long busyNanos; // in which at least one was, up to busySince
  private long busySince;
  private boolean isResting;
  private long restSince;
  private double spentAtRest;
  private long busyAtResume;
  private boolean isWarned;

  PowerGovernor(PowerBudget budget, @Nullable EnergyMeter meter, Ticker ticker) {
    this.budget = budget;
    this.rate =
        switch (budget) {
          case PowerBudget.Watts(double watts) -> watts;
          case PowerBudget.Share(double share) -> share;
        };
    this.meter = meter;
    this.ticker = ticker;
    this.credit = rate * MOST_CREDIT_SECONDS;
    this.updated = ticker.nanos();
    this.spent = meter == null ? 0 : meter.joules();
  }

  /**
   * Opens a governor.
   *
   * @throws PowerException when watts are to be held and the system does not count them
   */
  public static PowerGovernor of(PowerBudget budget, EnergyMeters meters)
      throws InterruptedException {
    return switch (budget) {
      case PowerBudget.Share share -> new PowerGovernor(share, null, Ticker.REAL);
      case PowerBudget.Watts watts ->
          switch (meters.processor()) {
            case EnergySource.Counted(EnergyMeter meter) ->
                new PowerGovernor(watts, meter, Ticker.REAL);
            case EnergySource.Uncounted(String why) ->
                throw new PowerException(
                    Fault.of("a power budget in watts can't be held here")
                        .got(watts)
                        .where(why)
                        .hint(
                            "Give a share of the time instead, such as 50%, or fewer --threads."));
          };
    };
  }

  public PowerBudget budget() {
    return budget;
  }

  /**
   * Begins a stretch of work; rests before it, if need be, or until {@code isHurried}.
   *
   * @return nanoseconds rested
   */
  long begin(BooleanSupplier isHurried) {
    long nap = tryBegin(isHurried.getAsBoolean());
    if (nap == 0) {
      return 0;
    }
    long first = ticker.nanos();
    while (nap > 0) {
      try {
        ticker.sleep(Math.min(nap, NAP_NANOS));
        nap = tryBegin(isHurried.getAsBoolean());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // whoever interrupts wants an end
        nap = tryBegin(true);
      }
    }
    return ticker.nanos() - first;
  }

  /** Ends a stretch of work. */
  synchronized void end() {
    countBusy(ticker.nanos());
    computing--;
  }

  // Nanoseconds to rest before it is worth asking again; 0 = work has begun.
  private synchronized long tryBegin(boolean isHurried) {
    long now = ticker.nanos();
    countBusy(now);
    if (isHurried) {
      computing++;
      return 0;
    }
    update(now);
    if (!isResting && credit < 0) {
      isResting = true;
      restSince = now;
      spentAtRest = spent;
    }
    if (isResting) {
      double wanted = rate * RESUME_SECONDS;
      long longest = (long) ((busyNanos - busyAtResume) * REST_PER_WORK) - (now - restSince);
      if (credit < wanted && longest > 0) {
        long least = meter == null ? SHORT_NANOS : READING_NANOS;
        return Math.min(longest, Math.max(least, (long) ((wanted - credit) / rate * 1e9)));
      }
      if (longest <= 0 && credit < 0) {
        warn(now);
      }
      isResting = false;
      busyAtResume = busyNanos;
    }
    computing++;
    return 0;
  }

  private void countBusy(long now) {
    if (computing > 0) {
      busyNanos += now - busySince;
    }
    busySince = now;
  }

  private void update(long now) {
    if (now - updated < (meter == null ? 0 : READING_NANOS)) {
      return;
    }
    double all = meter == null ? busyNanos * 1e-9 : meter.joules();
    double sum = credit + rate * (now - updated) * 1e-9 - (all - spent);
    credit = Math.clamp(sum, -rate * MOST_DEBT_SECONDS, rate * MOST_CREDIT_SECONDS);
    spent = all;
    updated = now;
  }

  private void warn(long now) {
    double seconds = (now - restSince) * 1e-9;
    double watts = (spent - spentAtRest) / seconds;
    if (meter == null || isWarned || seconds < RESUME_SECONDS || watts < NEARLY * rate) {
      return;
    }
    isWarned = true;
    LOG.log(
        System.Logger.Level.WARNING,
        String.format(
            Locale.ROOT,
            "the power budget of %s cannot be held: %.1f W are taken while this program rests;"
                + " it computes in %.0f %% of the time",
            budget,
            watts,
            100 * PowerBudget.LEAST_SHARE));
  }
}
