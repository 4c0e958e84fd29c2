package dev.nearside.engine.power;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The counters of the processor (RAPL) as Linux shows them in {@code /sys/class/powercap}, for
 * Intel and AMD alike (AMD's are under {@code intel-rapl} too).
 *
 * <pre>
 * intel-rapl:0      package-0   counted; in it, and so not counted again:
 *   intel-rapl:0:0  core
 *   intel-rapl:0:1  uncore
 *   intel-rapl:0:2  dram        counted: memory is listed under its package, but not part of it
 * intel-rapl:1      psys        the whole board, packages included: not counted
 * intel-rapl-mmio:0 package-0   another way to the first one: not counted
 * </pre>
 */
final class PowercapMeter implements EnergyMeter {
  private static final Pattern ZONE = Pattern.compile("intel-rapl:\\d+");
  private static final Pattern PART = Pattern.compile("intel-rapl:\\d+:\\d+");
  private static final long STEP_NANOS = 2_000_000; // counters move once a millisecond
  private static final int STEPS = 100;

  private final List<PowercapDomain> domains;
  private final String source;

  private PowercapMeter(List<PowercapDomain> domains, String source) {
    this.domains = domains;
    this.source = source;
  }

  /**
   * Opens the counters below {@code root}, and sees whether they move.
   *
   * @param root {@code /sys/class/powercap}
   */
  static EnergySource open(Path root, SystemFiles files, Ticker ticker)
      throws InterruptedException {
    if (!Files.isDirectory(root)) {
      return new EnergySource.Uncounted(
          "there is no folder "
              + root
              + ": the kernel has no driver for this processor's counters (intel_rapl_msr), or"
              + " a virtual machine or container hides them");
    }
    try {
      PowercapMeter meter = find(root, files);
      if (meter.domains.isEmpty()) {
        return new EnergySource.Uncounted(
            root
                + " has no package of the processor (intel-rapl:N): the module intel_rapl_msr may"
                + " not be loaded, or a virtual machine hides the counters");
      }
      return meter.moves(ticker)
          ? new EnergySource.Counted(meter)
          : new EnergySource.Uncounted(
              "the counters stand still, as in many virtual machines: "
                  + meter.domains.getFirst().energy());
    } catch (AccessDeniedException e) {
      return new EnergySource.Uncounted(
          "the counters may be read by root alone: "
              + e.getFile()
              + "; an administrator can allow it until the next start with 'chmod a+r "
              + root
              + "/intel-rapl:*/energy_uj', and then any program can watch what others compute"
              + " (CVE-2020-8694)");
    } catch (IOException e) {
      return new EnergySource.Uncounted("the counters can't be read: " + e.getMessage());
    }
  }

  private static PowercapMeter find(Path root, SystemFiles files) throws IOException {
    List<PowercapDomain> domains = new ArrayList<>();
    Set<String> packages = new TreeSet<>();
    Set<String> names = new TreeSet<>();
    List<Path> zones = SystemFiles.entries(root);
    for (Path zone : zones) {
      if (ZONE.matcher(fileName(zone)).matches()) {
        String name = files.read(zone.resolve("name"));
        if (name.startsWith("package")) {
          packages.add(fileName(zone));
          names.add(name);
          domains.add(new PowercapDomain(files, zone));
        }
      }
    }
    for (Path part : zones) {
      String file = fileName(part);
      if (PART.matcher(file).matches()
          && packages.contains(file.substring(0, file.lastIndexOf(':')))
          && files.read(part.resolve("name")).equals("dram")) {
        names.add("dram");
        domains.add(new PowercapDomain(files, part));
      }
    }
    return new PowercapMeter(
        domains, "the processor's counters in " + root + ": " + String.join(", ", names));
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private boolean moves(Ticker ticker) throws IOException, InterruptedException {
    for (int i = 0; i < STEPS; i++) {
      if (micros() > 0) {
        return true;
      }
      ticker.sleep(STEP_NANOS);
    }
    return false;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public synchronized double joules() {
    try {
      return micros() * 1e-6;
    } catch (IOException e) {
      throw new PowerException(
          Fault.of("the processor's energy counters tell no more")
              .got(String.valueOf(e.getMessage())),
          e);
    }
  }

  private synchronized long micros() throws IOException {
    long sum = 0;
    for (PowercapDomain domain : domains) {
      sum += domain.micros();
    }
    return sum;
  }
}
