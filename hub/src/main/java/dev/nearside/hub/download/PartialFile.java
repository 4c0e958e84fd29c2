package dev.nearside.hub.download;

import dev.nearside.hub.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * An unfinished download: a data file with holes, and a journal of its finished chunks.
 *
 * <pre>
 * KEY.part      data, each byte at its final place
 * KEY.journal   nearside-partial 1 SIZE CHUNK_BYTES ETAG URL
 *               c 0
 *               c 17            one line per finished chunk, in any order
 * </pre>
 *
 * A chunk's line is written after its data was forced to the disk, so whatever the moment of a kill
 * or a power cut, a listed chunk is there. Lines that a kill cut in half are ignored.
 */
final class PartialFile implements AutoCloseable {

  static final int CHUNK_BYTES = 256 << 10;

  /** A flush may take a tenth of the time, so its pause is ten times what the last one took. */
  private static final int FLUSH_PAUSE_FACTOR = 10;

  private static final long MIN_PAUSE_NANOS = 20_000_000L;
  private static final long MAX_PAUSE_NANOS = 1_000_000_000L;
  private static final int MAX_JOURNAL_BYTES = 64 << 20;

  /** Bytes {@code first} to {@code end - 1}. */
  record Range(long first, long end) {}

  private final Path data;
  private final Path journal;
  private final long size;
  private final BitSet done = new BitSet();
  private final StringBuilder unwritten = new StringBuilder();
  private FileChannel dataChannel;
  private FileChannel journalChannel;
  private int unwrittenChunks;
  private boolean isClosed;
  private long lastFlushNanos = System.nanoTime();
  private long pauseNanos = MIN_PAUSE_NANOS;

  private PartialFile(Path data, Path journal, long size, String header) throws IOException {
    this.data = data;
    this.journal = journal;
    this.size = size;
    Files.createDirectories(data.getParent());
    String old = readJournal(header);
    this.dataChannel = FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.journalChannel =
        FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    restore(old, header);
  }

  /**
   * Goes on with the partial download of {@code key}, or begins one.
   *
   * @param etag the server's version of the file, if known
   * @param isContentKnown true when the key is the content's digest: then any server's chunks are
   *     good, and only a new version at the same address starts anew
   */
  static PartialFile open(
      Path folder,
      String key,
      long size,
      String url,
      @Nullable String etag,
      boolean isContentKnown) {
    Path data = folder.resolve(key + ".part");
    Path journal = folder.resolve(key + ".journal");
    String version = etag == null ? "-" : etag.replaceAll("\\s", "_");
    String header = "nearside-partial 1 " + size + " " + CHUNK_BYTES + " " + version + " " + url;
    try {
      if (isContentKnown) {
        header = otherServersHeader(journal, header, url);
      }
      return new PartialFile(data, journal, size, header);
    } catch (IOException e) {
      throw StoreException.of("a partial download cannot be opened", data, e);
    }
  }

  Path path() {
    return data;
  }

  synchronized long doneBytes() {
    long bytes = 0;
    for (int chunk = done.nextSetBit(0); chunk >= 0; chunk = done.nextSetBit(chunk + 1)) {
      bytes += Math.min(CHUNK_BYTES, size - (long) chunk * CHUNK_BYTES);
    }
    return bytes;
  }

  /** What is missing, cut at chunk borders into ranges of at most {@code maxBytes}. */
  synchronized Deque<Range> missing(long maxBytes) {
    Deque<Range> ranges = new ArrayDeque<>();
    long chunksPerRange = Math.max(1, maxBytes / CHUNK_BYTES);
    int chunks = chunkCount();
    for (int chunk = done.nextClearBit(0); chunk < chunks; ) {
      int next = done.nextSetBit(chunk);
      long stop = Math.min(next < 0 ? chunks : next, chunk + chunksPerRange);
      ranges.add(new Range((long) chunk * CHUNK_BYTES, Math.min(size, stop * CHUNK_BYTES)));
      chunk = done.nextClearBit((int) stop);
    }
    return ranges;
  }

  /** Writes at a position; safe from several threads. */
  void write(ByteBuffer bytes, long position) {
    try {
      long at = position;
      while (bytes.hasRemaining()) {
        at += dataChannel.write(bytes, at);
      }
    } catch (IOException e) {
      throw StoreException.of("a download cannot be written", data, e);
    }
  }

  /** All chunks that lie in {@code range} up to {@code end} were written. */
  synchronized void completed(Range range, long end) {
    int first = (int) (range.first() / CHUNK_BYTES);
    int last = end == size ? chunkCount() : (int) (end / CHUNK_BYTES);
    for (int chunk = done.nextClearBit(first); chunk < last; chunk = done.nextClearBit(chunk)) {
      done.set(chunk);
      unwritten.append("c ").append(chunk).append('\n');
      unwrittenChunks++;
    }
    if (unwrittenChunks > 0 && System.nanoTime() - lastFlushNanos > pauseNanos) {
      flush();
    }
  }

  synchronized void flush() {
    long start = System.nanoTime();
    try {
      if (unwrittenChunks > 0) {
        dataChannel.force(false);
        append(unwritten.toString());
        unwritten.setLength(0);
        unwrittenChunks = 0;
      }
      lastFlushNanos = System.nanoTime();
      long pause = FLUSH_PAUSE_FACTOR * (lastFlushNanos - start);
      pauseNanos = Math.clamp(pause, MIN_PAUSE_NANOS, MAX_PAUSE_NANOS);
    } catch (IOException e) {
      throw StoreException.of("a download cannot be written", data, e);
    }
  }

  /** Removes both files; for a download that turned out wrong. Close first. */
  void discard() {
    try {
      Files.deleteIfExists(journal);
      Files.deleteIfExists(data);
    } catch (IOException e) {
      throw StoreException.of("a partial download cannot be removed", data, e);
    }
  }

  /** Removes the journal of a download whose data file became a blob. */
  void forget() {
    try {
      Files.deleteIfExists(journal);
    } catch (IOException e) {
      throw StoreException.of("a journal cannot be removed", journal, e);
    }
  }

  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      reopen();
      try (FileChannel _ = dataChannel;
          FileChannel _ = journalChannel) {
        flush();
      }
    } catch (IOException e) {
      throw StoreException.of("a partial download cannot be closed", data, e);
    }
  }

  /** An interrupted thread closes the channel it writes to; what it had finished still counts. */
  private void reopen() throws IOException {
    if (!dataChannel.isOpen()) {
      dataChannel = FileChannel.open(data, StandardOpenOption.WRITE);
    }
    if (!journalChannel.isOpen()) {
      journalChannel = FileChannel.open(journal, StandardOpenOption.WRITE);
    }
  }

  private int chunkCount() {
    return Math.toIntExact((size + CHUNK_BYTES - 1) / CHUNK_BYTES);
  }

  private void append(String lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      journalChannel.write(bytes, journalChannel.size());
    }
    journalChannel.force(false);
  }

  /** The old journal if it belongs to this download, else empty. */
  private String readJournal(String header) throws IOException {
    if (!Files.isRegularFile(journal)
        || !Files.isRegularFile(data)
        || Files.size(journal) > MAX_JOURNAL_BYTES) {
      return "";
    }
    String text = Files.readString(journal, StandardCharsets.ISO_8859_1);
    return text.startsWith(header + "\n") ? text : "";
  }

  private void restore(String old, String header) throws IOException {
    long written = dataChannel.size();
    int chunks = chunkCount();
    StringBuilder kept = new StringBuilder(header).append('\n');
    String[] lines = old.split("\n", -1);
    // The last piece has no line end: empty, or cut off by a kill.
    for (int i = 1; i < lines.length - 1; i++) {
      if (lines[i].matches("c \\d{1,9}")) {
        int chunk = Integer.parseInt(lines[i].substring(2));
        long end = Math.min(size, (long) (chunk + 1) * CHUNK_BYTES);
        if (chunk < chunks && end <= written && !done.get(chunk)) {
          done.set(chunk);
          kept.append("c ").append(chunk).append('\n');
        }
      }
    }
    if (done.isEmpty()) {
      dataChannel.truncate(0);
    } else if (written > size) {
      dataChannel.truncate(size);
    }
    if (!old.contentEquals(kept)) {
      journalChannel.truncate(0);
      append(kept.toString());
    }
  }

  /** An old header that only differs in server or version of another server. */
  private static String otherServersHeader(Path journal, String header, String url)
      throws IOException {
    if (!Files.isRegularFile(journal) || Files.size(journal) > MAX_JOURNAL_BYTES) {
      return header;
    }
    String text = Files.readString(journal, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String[] old = (end < 0 ? "" : text.substring(0, end)).split(" ", 6);
    String[] now = header.split(" ", 6);
    boolean sameShape =
        old.length == 6 && old[0].equals(now[0]) && old[2].equals(now[2]) && old[3].equals(now[3]);
    return sameShape && !old[5].equals(url) ? text.substring(0, end) : header;
  }
}
