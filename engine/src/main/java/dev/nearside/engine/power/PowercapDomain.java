package dev.nearside.engine.power;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One counter of powercap: a file of microjoules that begins again at 0 behind its largest value
 * (Linux, Documentation/power/powercap/powercap.rst).
 */
final class PowercapDomain {
  private final SystemFiles files;
  private final Path energy;
  private final long range; // its largest value, in µJ; 0 = not told
  private long last;
  private long micros;

  /**
   * @param zone the folder of the domain
   * @throws IOException when its counter can't be read
   */
  PowercapDomain(SystemFiles files, Path zone) throws IOException {
    this.files = files;
    this.energy = zone.resolve("energy_uj");
    Path rangeFile = zone.resolve("max_energy_range_uj");
    this.range = files.find(rangeFile) == null ? 0 : files.number(rangeFile);
    this.last = files.number(energy);
  }

  Path energy() {
    return energy;
  }

  /** Microjoules since it was opened. */
  long micros() throws IOException {
    long now = files.number(energy);
    if (now < last && range < last) {
      throw new IOException(energy + " fell from " + last + " to " + now + " µJ");
    }
    micros += now >= last ? now - last : range - last + now;
    last = now;
    return micros;
  }
}
