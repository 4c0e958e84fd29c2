package dev.nearside.model;

import dev.nearside.model.load.PackedPlace;
import java.nio.file.Path;
import java.util.Arrays;

/** A process of its own that loads a model and says what it computes. */
final class PackedMain {
  private PackedMain() {}

  /**
   * @param args the model, the folder of packed weights
   */
  public static void main(String[] args) {
    Path model = Path.of(args[0]);
    PackedPlace place = PackedPlace.of(PackedFolder.of(Path.of(args[1])), model);
    try (Feeder feeder = Feeder.open(model, place)) {
      System.out.println("LOGITS " + logits(feeder));
    }
  }

  /** What tells one answer from another. */
  static int logits(Feeder feeder) {
    return Arrays.hashCode(feeder.feed(new int[] {1, 5, 9, 200, 33, 7}, 6, 1)[0]);
  }
}
