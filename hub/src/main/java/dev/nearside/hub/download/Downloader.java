package dev.nearside.hub.download;

import dev.nearside.base.Fault;
import dev.nearside.hub.PullEvent;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.FileLocks;
import dev.nearside.hub.store.SafeNames;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Brings one remote file into the store as a verified blob.
 *
 * <p>Nothing becomes a blob before its digest was computed over the finished file and compared. A
 * wrong digest drops what was loaded, and one clean try follows.
 */
public final class Downloader {

  private static final int CLEAN_TRIES = 2;

  private final HubHttp http;
  private final Store store;
  private final Meter meter;

  public Downloader(HubHttp http, Store store, Meter meter) {
    this.http = http;
    this.store = store;
    this.meter = meter;
  }

  /**
   * @throws SourceException when this source cannot deliver the file
   * @throws StoreException when the local disk is at fault
   */
  public StoredFile download(RemoteFile file) throws InterruptedException {
    if (!SafeNames.isPath(file.name())) {
      throw SourceException.permanent(Fault.of("not a safe file name").got(file.name()));
    }
    StoredFile present = present(file.name(), file.sha256(), file.size());
    if (present != null) {
      return present;
    }
    Probe probe = probe(file);
    String key =
        probe.sha256() != null
            ? "sha256-" + probe.sha256()
            : "url-"
                + Digests.hex(
                    Digests.sha256(file.uri().toString().getBytes(StandardCharsets.UTF_8)));
    try (FileLocks.Held _ =
        store.locks().lock(key, () -> meter.tell(new PullEvent.Waiting(file.name())))) {
      // Another process may have brought it while this one waited.
      StoredFile brought = present(file.name(), probe.sha256(), probe.size());
      return brought != null ? brought : transfer(file, probe, key);
    }
  }

  private @Nullable StoredFile present(String name, @Nullable String sha256, long size)
      throws InterruptedException {
    if (sha256 == null || size < 0) {
      return null;
    }
    StoredFile file = new StoredFile(name, sha256, size);
    if (!store.hasBlob(file)) {
      return null;
    }
    meter.skip(name, size);
    return file;
  }

  /** Passing faults of the first question are worth a few tries as well. */
  private Probe probe(RemoteFile file) throws InterruptedException {
    Patience patience = new Patience(http.network().timeouts());
    while (true) {
      try {
        return Probe.of(http, file);
      } catch (SourceException e) {
        patience.after(e, false);
      }
    }
  }

  private StoredFile transfer(RemoteFile file, Probe first, String key)
      throws InterruptedException {
    Probe probe = first;
    SourceException last = null;
    for (int tries = 0; tries < CLEAN_TRIES; tries++) {
      try {
        boolean isRanged = probe.hasRanges() && probe.size() >= 0;
        return isRanged ? byRanges(file, probe, key) : byStream(file, probe, key);
      } catch (ChangedException e) {
        meter.tell(new PullEvent.Note(file.name() + ": " + e.getMessage() + "; starting again"));
        last =
            SourceException.permanent(
                Fault.of(String.valueOf(e.getMessage())).where(file.name()), e);
        probe = probe(file);
      } catch (DigestMismatch e) {
        meter.tell(new PullEvent.Note(file.name() + ": wrong checksum; starting again"));
        last = SourceException.permanent(e.fault, e);
      }
    }
    throw java.util.Objects.requireNonNull(last);
  }

  private StoredFile byRanges(RemoteFile file, Probe probe, String key)
      throws InterruptedException {
    PartialFile partial =
        PartialFile.open(
            store.partialFolder(),
            key,
            probe.size(),
            file.uri().toString(),
            probe.etag(),
            probe.sha256() != null);
    Meter.Part part;
    try (partial) {
      long already = partial.doneBytes();
      store.requireSpace(probe.size() - already);
      RangeDownload ranges = new RangeDownload(http, file, probe, partial);
      part = meter.begin(file.name(), already, probe.size(), Math.max(1, ranges.connections()));
      try {
        ranges.run(part);
      } catch (ChangedException e) {
        partial.close();
        partial.discard();
        part.drop();
        throw e;
      } catch (SourceException e) {
        // What is here stays for the next try; the next source counts anew.
        part.drop();
        throw e;
      }
    }
    return seal(file, probe, partial.path(), partial, part);
  }

  private StoredFile byStream(RemoteFile file, Probe probe, String key)
      throws InterruptedException {
    store.requireSpace(Math.max(0, probe.size()));
    Meter.Part part = meter.begin(file.name(), 0, probe.size(), 1);
    Path target = store.partialFolder().resolve(key + ".stream");
    try {
      new StreamDownload(http, file, probe.size(), part).run(target);
    } catch (SourceException e) {
      part.drop();
      throw e;
    }
    return seal(file, probe, target, null, part);
  }

  /** Checks the finished file and makes it a blob. */
  private StoredFile seal(
      RemoteFile file, Probe probe, Path loaded, @Nullable PartialFile partial, Meter.Part part)
      throws InterruptedException {
    try {
      long size = Files.size(loaded);
      String sha256 = Digests.sha256(loaded, done -> part.hashed(done, size));
      Fault wrong = null;
      if (probe.sha256() != null && !probe.sha256().equals(sha256)) {
        wrong = Fault.of("wrong checksum").got("sha256 " + sha256).expected(probe.sha256());
      } else if (file.gitSha1() != null && probe.sha256() == null) {
        String gitSha1 = Digests.gitSha1(loaded);
        if (!gitSha1.equals(file.gitSha1())) {
          wrong = Fault.of("wrong checksum").got("git " + gitSha1).expected(file.gitSha1());
        }
      }
      if (wrong != null) {
        part.drop();
        drop(loaded, partial);
        throw new DigestMismatch(wrong.where(file.name()));
      }
      store.publishBlob(loaded, sha256);
      if (partial != null) {
        partial.forget();
      }
      return new StoredFile(file.name(), sha256, size);
    } catch (IOException e) {
      throw StoreException.of("a download cannot be read", loaded, e);
    }
  }

  private static void drop(Path loaded, @Nullable PartialFile partial) throws IOException {
    if (partial != null) {
      partial.discard();
    }
    Files.deleteIfExists(loaded);
  }

  private static final class DigestMismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Fault fault;

    DigestMismatch(Fault fault) {
      super(fault.message());
      this.fault = fault;
    }
  }
}
