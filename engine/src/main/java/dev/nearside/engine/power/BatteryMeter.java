package dev.nearside.engine.power;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a battery gives, as Linux shows it in {@code /sys/class/power_supply}: the whole machine's
 * use, its screen included. Tells nothing while the machine hangs on the mains.
 *
 * <p>The power of the moment is summed up over time where the battery tells it, since its charge
 * moves in steps of some ten joules and every few seconds only (Linux,
 * Documentation/ABI/testing/sysfs-class-power: µW, µA, µV, µWh, µAh).
 */
final class BatteryMeter implements EnergyMeter {
  private static final double JOULES_PER_WATT_HOUR = 3600;

  /** A battery as it was last seen. */
  private static final class Battery {
    final Path folder;
    double watts; // of the moment; negative = not told
    double left; // joules

    Battery(Path folder) {
      this.folder = folder;
    }
  }

  private final SystemFiles files;
  private final Ticker ticker;
  private final List<Battery> batteries;
  private long lastNanos;
  private double joules;

  private BatteryMeter(SystemFiles files, Ticker ticker, List<Battery> batteries) {
    this.files = files;
    this.ticker = ticker;
    this.batteries = batteries;
    this.lastNanos = ticker.nanos();
  }

  /**
   * Opens the batteries below {@code root} that feed this machine now.
   *
   * @param root {@code /sys/class/power_supply}
   */
  static EnergySource open(Path root, SystemFiles files, Ticker ticker) {
    List<Battery> found = new ArrayList<>();
    try {
      boolean isAny = false;
      for (Path folder : SystemFiles.entries(root)) {
        // Mice and headsets have batteries of their own: scope Device.
        if ("Battery".equals(files.find(folder.resolve("type")))
            && !"Device".equals(files.find(folder.resolve("scope")))) {
          isAny = true;
          if ("Discharging".equals(files.find(folder.resolve("status")))) {
            found.add(new Battery(folder));
          }
        }
      }
      if (found.isEmpty()) {
        return new EnergySource.Uncounted(
            isAny ? "the battery is not in use (mains power)" : "there is no battery");
      }
      BatteryMeter meter = new BatteryMeter(files, ticker, found);
      for (Battery battery : found) {
        meter.look(battery);
      }
      return new EnergySource.Counted(meter);
    } catch (IOException e) {
      return new EnergySource.Uncounted("the battery can't be read: " + e.getMessage());
    }
  }

  @Override
  public String source() {
    return "the battery, which feeds the whole machine: " + batteries.getFirst().folder;
  }

  @Override
  public synchronized double joules() {
    long now = ticker.nanos();
    double seconds = (now - lastNanos) * 1e-9;
    try {
      for (Battery battery : batteries) {
        double watts = battery.watts;
        double left = battery.left;
        if (!"Discharging".equals(files.read(battery.folder.resolve("status")))) {
          throw new IOException("it is not in use any more (mains power)");
        }
        look(battery);
        joules +=
            watts >= 0 && battery.watts >= 0
                ? (watts + battery.watts) / 2 * seconds
                : Math.max(0, left - battery.left);
      }
    } catch (IOException e) {
      throw new PowerException(
          Fault.of("the battery tells no more").got(String.valueOf(e.getMessage())), e);
    }
    lastNanos = now;
    return joules;
  }

  private void look(Battery battery) throws IOException {
    Path folder = battery.folder;
    battery.watts = -1;
    if (files.find(folder.resolve("power_now")) != null) {
      battery.watts = Math.abs(micro(folder, "power_now"));
    } else if (files.find(folder.resolve("current_now")) != null
        && files.find(folder.resolve("voltage_now")) != null) {
      battery.watts = Math.abs(micro(folder, "current_now")) * micro(folder, "voltage_now");
    }
    if (battery.watts < 0) {
      battery.left =
          JOULES_PER_WATT_HOUR
              * (files.find(folder.resolve("energy_now")) != null
                  ? micro(folder, "energy_now")
                  : micro(folder, "charge_now") * micro(folder, "voltage_now"));
    }
  }

  private double micro(Path folder, String file) throws IOException {
    return files.number(folder.resolve(file)) * 1e-6;
  }
}
