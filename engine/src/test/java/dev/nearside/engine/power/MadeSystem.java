package dev.nearside.engine.power;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder like {@code /sys/class}. */
final class MadeSystem implements SystemFiles {
  final Path root;
  final ManualTicker ticker = new ManualTicker();
  long microsPerRead = 1; // what a processor takes between two looks
  String denied = "";

  MadeSystem(Path root) {
    this.root = root;
  }

  EnergyMeters meters() {
    return new EnergyMeters(root, true, this, ticker);
  }

  void zone(String folder, String name, long micros, long range) throws IOException {
    Path zone = Files.createDirectories(root.resolve("powercap").resolve(folder));
    Files.writeString(zone.resolve("name"), name + "\n");
    Files.writeString(zone.resolve("energy_uj"), micros + "\n");
    Files.writeString(zone.resolve("max_energy_range_uj"), range + "\n");
  }

  void set(String file, Object value) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, value + "\n");
  }

  @Override
  public String read(Path file) throws IOException {
    if (!denied.isEmpty() && file.endsWith(denied)) {
      throw new AccessDeniedException(file.toString());
    }
    String text = SystemFiles.REAL.read(file);
    if (file.endsWith("energy_uj") && microsPerRead > 0) {
      Files.writeString(file, Long.parseLong(text) + microsPerRead + "\n");
    }
    return text;
  }
}
