package dev.nearside.engine.cache;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A folder of blocks of keys and values, one file each, named by {@link PrefixHash}.
 *
 * <pre>
 *  0  "NSKV", version 1          4 + 4 bytes
 *  8  hash of the prefix         32
 * 40  bytes of the payload       8
 * 48  CRC-32C of the payload     4
 * 52  CRC-32C of what is above   4
 * 56  payload: see KvStore.save
 * </pre>
 *
 * A file is written beside its place and renamed. It is not forced to the disk: after a crash the
 * checksum tells a half-written file, which is then deleted and computed again. What users said can
 * be told from keys and values, so that only the owner may read them.
 */
final class BlockFiles {
  private static final System.Logger LOG = System.getLogger(BlockFiles.class.getName());
  private static final String SUFFIX = ".kv";
  private static final String UNFINISHED = ".tmp";
  private static final int MAGIC = 0x564B534E;
  private static final int VERSION = 1;
  private static final int HEADER = 56;
  private static final int HASHED = 52;

  /** What stays free on the disk. */
  private static final long SPARE_BYTES = 1L << 30;

  private static final double TRIMMED = 0.9;
  private static final Duration QUIET = Duration.ofMinutes(10);

  private final Path folder;
  private final long maxBytes;
  private final long payload;
  private long bytes = -1; // of all files; -1 = not counted yet

  /**
   * @param payload bytes of a block
   */
  BlockFiles(Path folder, long maxBytes, long payload) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.payload = payload;
  }

  boolean has(PrefixHash hash) {
    return Files.exists(path(hash));
  }

  /** Bytes of all files, as far as this process knows. */
  synchronized long bytes() {
    return Math.max(0, bytes);
  }

  /**
   * Reads a block. A file that is not what it should be is deleted.
   *
   * @return false when it can't be had
   */
  boolean load(PrefixHash hash, MemorySegment into) {
    Path path = path(hash);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer header = buffer(HEADER);
      ByteBuffer data = into.asSlice(0, payload).asByteBuffer();
      String fault =
          channel.size() != HEADER + payload ? "its size" : read(channel, header, data, hash);
      if (fault == null) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now())); // least recent go first
        return true;
      }
      LOG.log(System.Logger.Level.WARNING, "a kept KV block is broken ({0}): {1}", fault, path);
    } catch (NoSuchFileException e) {
      return false; // another process dropped it
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a kept KV block can't be read: {0}", e.toString());
    }
    delete(path);
    return false;
  }

  // What is wrong, or null.
  private @Nullable String read(
      FileChannel channel, ByteBuffer header, ByteBuffer data, PrefixHash hash) throws IOException {
    readFully(channel, header);
    header.flip();
    byte[] own = new byte[hash.bytes().length];
    header.get(8, own);
    if (header.getInt(HASHED) != crc(header.slice(0, HASHED))) {
      return "checksum of its head";
    }
    if (header.getInt(0) != MAGIC || header.getInt(4) != VERSION) {
      return "its version";
    }
    if (!Arrays.equals(own, hash.bytes()) || header.getLong(40) != payload) {
      return "its name";
    }
    readFully(channel, data);
    data.flip();
    return crc(data) == header.getInt(48) ? null : "its checksum";
  }

  /**
   * Writes a block, unless it is there.
   *
   * @throws IOException when the disk is full or the folder can't be written
   */
  void save(PrefixHash hash, MemorySegment block) throws IOException {
    makeFolder();
    Path path = path(hash);
    if (Files.exists(path)) {
      return;
    }
    if (Files.getFileStore(folder).getUsableSpace() < payload + SPARE_BYTES) {
      throw new IOException("the disk is nearly full");
    }
    trim();
    ByteBuffer data = block.asSlice(0, payload).asByteBuffer();
    ByteBuffer header = buffer(HEADER);
    header.putInt(MAGIC).putInt(VERSION).put(hash.bytes()).putLong(payload).putInt(crc(data));
    header.putInt(crc(header.slice(0, HASHED))).flip();
    Path part = folder.resolve("." + hash + "-" + ProcessHandle.current().pid() + UNFINISHED);
    try {
      try (FileChannel out =
          FileChannel.open(
              part,
              EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              ownerOnly("rw-------"))) {
        writeFully(out, header);
        writeFully(out, data);
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
      count(HEADER + payload);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void makeFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().normalize(), ownerOnly("rwx------"));
    }
    if (bytes() == 0) {
      recount();
    }
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return isPosix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  // Makes room for one more.
  private void trim() throws IOException {
    if (bytes() + HEADER + payload <= maxBytes) {
      return;
    }
    List<Path> oldest = new ArrayList<>(recount());
    oldest.sort(Comparator.comparing(BlockFiles::changed));
    for (Path path : oldest) {
      if (bytes() + HEADER + payload <= maxBytes * TRIMMED) {
        return;
      }
      delete(path);
    }
  }

  // Other processes write too, and killed ones leave something behind.
  private List<Path> recount() throws IOException {
    List<Path> found = new ArrayList<>();
    long sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : (Iterable<Path>) files::iterator) {
        String name = path.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          found.add(path);
          sum += size(path);
        } else if (name.endsWith(UNFINISHED)
            && changed(path).toInstant().isBefore(Instant.now().minus(QUIET))) {
          Files.deleteIfExists(path);
        }
      }
    }
    synchronized (this) {
      bytes = sum;
    }
    return found;
  }

  private synchronized void count(long more) {
    bytes = Math.max(0, bytes + more);
  }

  private void delete(Path path) {
    try {
      long size = size(path);
      if (Files.deleteIfExists(path)) {
        count(-size);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a KV block can't be removed: {0}", e.toString());
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0; // gone meanwhile
    }
  }

  private static FileTime changed(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // gone meanwhile
    }
  }

  private Path path(PrefixHash hash) {
    return folder.resolve(hash + SUFFIX);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    return (int) crc.getValue();
  }

  private static void readFully(FileChannel channel, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the file ends early");
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }
}
