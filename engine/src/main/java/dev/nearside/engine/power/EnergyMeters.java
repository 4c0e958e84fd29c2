package dev.nearside.engine.power;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds what counts energy on a system. Only plain files are read: what macOS and Windows count
 * takes root's {@code powermetrics} or a driver.
 */
public final class EnergyMeters {
  private final Path root;
  private final boolean isLinux;
  private final SystemFiles files;
  private final Ticker ticker;

  /**
   * @param root {@code /sys/class} of a Linux system
   */
  EnergyMeters(Path root, boolean isLinux, SystemFiles files, Ticker ticker) {
    this.root = root;
    this.isLinux = isLinux;
    this.files = files;
    this.ticker = ticker;
  }

  /** Those of this machine. */
  public static EnergyMeters ofMachine() {
    boolean isLinux =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    return new EnergyMeters(Path.of("/sys/class"), isLinux, SystemFiles.REAL, Ticker.REAL);
  }

  /**
   * The counters of the processor. Sees whether they move, which takes up to 0.2 s where they
   * don't.
   */
  public EnergySource processor() throws InterruptedException {
    return isLinux
        ? PowercapMeter.open(root.resolve("powercap"), files, ticker)
        : new EnergySource.Uncounted("only Linux shows programs such counters in files");
  }

  /** The counters of the processor; without them, those of a battery that feeds the machine. */
  public EnergySource any() throws InterruptedException {
    EnergySource processor = processor();
    return isLinux && processor instanceof EnergySource.Uncounted(String why)
        ? orElse(BatteryMeter.open(root.resolve("power_supply"), files, ticker), why)
        : processor;
  }

  private static EnergySource orElse(EnergySource battery, String why) {
    return switch (battery) {
      case EnergySource.Counted counted -> counted;
      case EnergySource.Uncounted(String none) -> new EnergySource.Uncounted(why + "; " + none);
    };
  }
}
