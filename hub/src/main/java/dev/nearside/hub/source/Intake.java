package dev.nearside.hub.source;

import dev.nearside.hub.PullListener;
import dev.nearside.hub.download.Downloader;
import dev.nearside.hub.download.Meter;
import dev.nearside.hub.download.RemoteFile;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoredFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source works with: the way into the store.
 *
 * @param scratch a folder of this pull alone, on the store's disk; may not exist yet
 */
public record Intake(HubHttp http, Store store, PullListener listener, Path scratch) {

  /** Downloads all files, one after the other, each over several connections. */
  List<StoredFile> download(List<RemoteFile> files) throws InterruptedException {
    long total = 0;
    for (RemoteFile file : files) {
      total = file.size() < 0 || total < 0 ? -1 : total + file.size();
    }
    Downloader downloader = new Downloader(http, store, new Meter(listener, total));
    List<StoredFile> stored = new ArrayList<>();
    for (RemoteFile file : files) {
      stored.add(downloader.download(file));
    }
    return stored;
  }

  /** The file that a digest names, if the store has it already. */
  @Nullable StoredFile present(String name, @Nullable String sha256, long bytes)
      throws InterruptedException {
    if (sha256 == null) {
      return null;
    }
    StoredFile file = new StoredFile(name, sha256, bytes);
    return store.hasBlob(file) ? file : null;
  }
}
