package dev.nearside.serve.ollama;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.hub.PullEvent;
import dev.nearside.hub.PullListener;
import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.serve.http.Json;
import tools.jackson.databind.node.ObjectNode;

/** The events of a pull as Ollama's status lines. */
final class PullLines implements PullListener {
  private static final String DIGEST = "sha256:";
  private static final int SHORT_DIGEST = 12;

  private final StatusLines lines;
  private final Thread puller = Thread.currentThread();
  private final String digest; // what clients tell progress bars by
  private boolean hasBegun;
  private boolean isVerifying;
  private boolean isGone;

  PullLines(StatusLines lines, String name, Catalogue catalogue) {
    this.lines = lines;
    this.digest =
        catalogue
            .find(name)
            .map(entry -> entry.file().sha256())
            .map(sha256 -> DIGEST + sha256)
            .orElse(name);
  }

  @Override
  public void onEvent(PullEvent event) {
    try {
      switch (event) {
        case PullEvent.Trying e -> begin();
        case PullEvent.Waiting e -> {
          begin();
          lines.send("waiting for another pull of " + e.what());
        }
        case PullEvent.Terms e -> {
          begin();
          lines.send("licence " + e.licence() + ": " + e.text());
        }
        case PullEvent.SourceFailed e ->
            lines.send("trying another source: " + e.source() + ": " + e.reason());
        case PullEvent.Started e -> progress(e.doneBytes(), e.totalBytes());
        case PullEvent.Progress e -> progress(e.doneBytes(), e.totalBytes());
        case PullEvent.Verifying e -> verify();
        case PullEvent.Note e -> {} // about the way, not the model
        case PullEvent.Done e -> {} // finish() says so
      }
    } catch (SinkClosedException e) {
      leave();
    }
  }

  // Called by download threads: the pull itself is ended as for any client that has gone.
  private void leave() {
    if (!isGone) {
      isGone = true;
      puller.interrupt();
    }
  }

  private void begin() throws SinkClosedException {
    if (!hasBegun) {
      hasBegun = true;
      lines.send("pulling manifest");
    }
  }

  private void progress(long done, long total) throws SinkClosedException {
    begin();
    boolean isHash = digest.startsWith(DIGEST);
    String shown =
        isHash ? digest.substring(DIGEST.length(), DIGEST.length() + SHORT_DIGEST) : digest;
    ObjectNode line = Json.object().put("status", "pulling " + shown).put("digest", digest);
    if (total >= 0) {
      line.put("total", total);
    }
    lines.send(line.put("completed", done));
  }

  private void verify() throws SinkClosedException {
    if (!isVerifying) {
      isVerifying = true;
      lines.send("verifying sha256 digest");
    }
  }

  /** The model is here. */
  void finish() throws SinkClosedException {
    begin();
    verify();
    lines.send("writing manifest");
  }
}
