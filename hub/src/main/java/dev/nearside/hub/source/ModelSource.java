package dev.nearside.hub.source;

import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.StoreException;

/** One place that may have the model. */
public interface ModelSource {

  /** For people, in progress lines and errors: what is asked, and for what. */
  String label();

  /**
   * Brings the model's files into the store as verified blobs. Blobs of a fetch that fails half way
   * stay unlisted; the next try finds them.
   *
   * @throws SourceException when this source cannot deliver; the next one is tried
   * @throws StoreException when the local disk is at fault; no other source is tried
   */
  Fetched fetch(Intake intake) throws InterruptedException;
}
