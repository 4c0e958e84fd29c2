package dev.nearside.hub.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal never promises a chunk that is not there, whatever happened to it. */
class PartialFileTest {

  private static final int CHUNK = PartialFile.CHUNK_BYTES;
  private static final int SIZE = 9 * CHUNK + 12_345;
  private static final String URL = "http://host/file";

  @TempDir Path folder;
  private final byte[] content = Fixtures.bytes(SIZE, 1);

  private PartialFile open(long size, String url, String etag, boolean known) {
    return PartialFile.open(folder, "key", size, url, etag, known);
  }

  private void write(PartialFile file, int chunk) {
    int first = chunk * CHUNK;
    int end = Math.min(SIZE, first + CHUNK);
    file.write(ByteBuffer.wrap(content, first, end - first), first);
    file.completed(new PartialFile.Range(first, end), end);
  }

  @Test
  void reopen_finishedChunks_areKept() {
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      assertEquals(0, file.doneBytes());
      write(file, 0);
      write(file, 9);
      write(file, 4);
    }
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      assertEquals(2L * CHUNK + 12_345, file.doneBytes());
      assertEquals(
          "[Range[first=1048576, end=3145728], Range[first=3145728, end=4194304],"
              + " Range[first=5242880, end=7340032], Range[first=7340032, end=9437184]]",
          file.missing(2L * CHUNK).toString());
    }
  }

  @Test
  void reopen_halfChunk_isNotCounted() {
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      file.write(ByteBuffer.wrap(content, 0, CHUNK + 500), 0);
      file.completed(new PartialFile.Range(0, 3L * CHUNK), CHUNK + 500);
    }
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      assertEquals(CHUNK, file.doneBytes());
    }
  }

  @Test
  void reopen_otherVersion_startsAnew() {
    Object[][] changes = {
      {SIZE - 1L, URL, "v1", false},
      {(long) SIZE, URL, "v2", false},
      {(long) SIZE, URL, "v2", true},
      {(long) SIZE, "http://other/file", "v1", false},
    };
    for (Object[] change : changes) {
      try (PartialFile file = open(SIZE, URL, "v1", false)) {
        write(file, 3);
      }
      PartialFile changed =
          open((long) change[0], (String) change[1], (String) change[2], (boolean) change[3]);
      assertEquals(0, changed.doneBytes(), Arrays.toString(change));
      changed.close();
      changed.discard();
    }
  }

  @Test
  void reopen_otherServerSameContent_goesOn() {
    try (PartialFile file = open(SIZE, URL, "v1", true)) {
      write(file, 3);
    }
    try (PartialFile file = open(SIZE, "http://mirror/file", "xyz", true)) {
      assertEquals(CHUNK, file.doneBytes());
    }
  }

  @Test
  void reopen_dataCutShort_dropsChunksBehindTheCut() throws IOException {
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      for (int chunk = 0; chunk < 10; chunk++) {
        write(file, chunk);
      }
      assertEquals(SIZE, file.doneBytes());
    }
    Path data = folder.resolve("key.part");
    Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 5 * CHUNK - 1));
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      assertEquals(4L * CHUNK, file.doneBytes());
    }
  }

  @Test
  void reopen_journalMangledAnywhere_neverClaimsTooMuch() throws IOException {
    Random random = new Random(7);
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      for (int chunk = 0; chunk < 10; chunk += 2) {
        write(file, chunk);
      }
    }
    Path journal = folder.resolve("key.journal");
    byte[] whole = Files.readAllBytes(journal);
    byte[] data = Files.readAllBytes(folder.resolve("key.part"));
    for (int round = 0; round < 60; round++) {
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      Files.write(journal, cut);
      if (Files.size(folder.resolve("key.part")) != data.length) {
        Files.write(folder.resolve("key.part"), data);
      }
      try (PartialFile file = open(SIZE, URL, "v1", false)) {
        // A line cut in half must not become another chunk's number.
        long claimed = file.doneBytes();
        assertTrue(claimed <= 5L * CHUNK, "claimed " + claimed);
        for (PartialFile.Range range : file.missing(CHUNK)) {
          assertTrue(range.first() % CHUNK == 0);
        }
        long missing = file.missing(1L << 40).stream().mapToLong(r -> r.end() - r.first()).sum();
        assertEquals(SIZE, claimed + missing);
      }
    }
    Files.write(folder.resolve("key.part"), data);
    Files.writeString(
        journal, new String(whole, StandardCharsets.UTF_8) + "c 999999999\nc 77\nx\n");
    try (PartialFile file = open(SIZE, URL, "v1", false)) {
      assertEquals(5L * CHUNK, file.doneBytes());
    }
  }

  @Test
  void close_afterInterruptedWriter_keepsWhatWasDone() throws Exception {
    PartialFile file = open(SIZE, URL, "v1", false);
    write(file, 1);
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              try {
                file.write(ByteBuffer.allocate(10), 0);
              } catch (dev.nearside.hub.HubException e) {
                // What an interrupted write ends with: the channel is closed.
                return;
              }
            });
    writer.join();
    file.close();
    try (PartialFile again = open(SIZE, URL, "v1", false)) {
      assertEquals(CHUNK, again.doneBytes());
    }
  }

  @Test
  void discard_removesBoth() {
    PartialFile file = open(SIZE, URL, "v1", false);
    write(file, 0);
    file.close();
    file.discard();
    assertFalse(Files.exists(folder.resolve("key.part")));
    assertFalse(Files.exists(folder.resolve("key.journal")));
  }
}
