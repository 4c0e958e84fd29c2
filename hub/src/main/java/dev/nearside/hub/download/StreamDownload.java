package dev.nearside.hub.download;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.Answer;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.net.Statuses;
import dev.nearside.hub.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** One connection from the first byte to the last, for servers without ranges. */
final class StreamDownload {

  private static final int BUFFER_BYTES = 128 << 10;

  private final HubHttp http;
  private final RemoteFile file;
  private final long size;
  private final Meter.Part meter;

  StreamDownload(HubHttp http, RemoteFile file, long size, Meter.Part meter) {
    this.http = http;
    this.file = file;
    this.size = size;
    this.meter = meter;
  }

  /**
   * Writes the file to {@code target}; each try starts again from nothing.
   *
   * @throws SourceException when no try got it whole
   */
  void run(Path target) throws InterruptedException {
    Patience patience = new Patience(http.network().timeouts());
    while (true) {
      long[] got = new long[1];
      try (StallGuard guard = new StallGuard(http.network().timeouts().stall())) {
        fetch(target, guard, got);
        return;
      } catch (SourceException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("the download was interrupted");
        }
        meter.restart();
        patience.after(e, true);
      }
    }
  }

  private void fetch(Path target, StallGuard guard, long[] got) throws InterruptedException {
    Map<String, String> headers = new HashMap<>(file.headers());
    headers.put("Accept-Encoding", "identity");
    try (Answer answer = http.insist(file.uri(), headers);
        OutputStream out = open(target)) {
      if (answer.status() != 200) {
        throw Statuses.failure(answer, "cannot download " + file.name(), file.gateHint());
      }
      try (StallGuard.Watched body = guard.watch(answer.body())) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          if (size >= 0 && got[0] + n > size) {
            throw SourceException.permanent(
                Fault.of("the server sends more than it announced")
                    .got("over " + size + " bytes")
                    .where(file.name()));
          }
          write(out, buffer, n, target);
          got[0] += n;
          meter.add(n);
        }
      }
      if (size >= 0 && got[0] != size) {
        throw new IOException("the connection was cut at byte " + got[0]);
      }
    } catch (IOException e) {
      throw SourceException.passing(
          Fault.of("the download broke off").got(String.valueOf(e.getMessage())).where(file.name()),
          e);
    }
  }

  private static OutputStream open(Path target) {
    try {
      Files.createDirectories(target.getParent());
      return Files.newOutputStream(target);
    } catch (IOException e) {
      throw StoreException.of("a download cannot be written", target, e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int count, Path target) {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw StoreException.of("a download cannot be written", target, e);
    }
  }
}
