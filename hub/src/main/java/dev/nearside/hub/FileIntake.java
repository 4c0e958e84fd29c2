package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.FileLocks;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files on their way into the store from elsewhere than a source: uploads, and the user's own. */
final class FileIntake {
  private static final int BUFFER_BYTES = 1 << 18;

  private final Store store;

  FileIntake(Store store) {
    this.store = store;
  }

  boolean has(String sha256) throws IOException, InterruptedException {
    Path blob = store.blobPath(sha256);
    return SafeNames.isSha256(sha256)
        && Files.isRegularFile(blob)
        && store.hasBlob(new StoredFile("blob", sha256, Files.size(blob)));
  }

  /** Stores what is read, if it has the digest. */
  void put(String sha256, InputStream content) throws IOException, InterruptedException {
    if (!SafeNames.isSha256(sha256)) {
      throw new RefusedException(
          Fault.of("not a SHA-256 digest").got(sha256).expected("64 lower-case hex digits"));
    }
    // The lock of a pull: nothing is pruned meanwhile, and a file comes once.
    try (FileLocks.Held _ = store.lockModel("upload " + sha256, () -> {})) {
      Path temp = store.scratchFile();
      try {
        String found = write(content, temp);
        if (!found.equals(sha256)) {
          throw new RefusedException(
              Fault.of("the file has another digest").got(found).expected(sha256));
        }
        store.publishBlob(temp, sha256);
      } finally {
        Files.deleteIfExists(temp);
      }
    }
  }

  private static String write(InputStream content, Path temp)
      throws IOException, InterruptedException {
    MessageDigest digest = Digests.newSha256();
    InputStream in = new DigestInputStream(content, digest);
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = Files.newOutputStream(temp)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("storing a file was interrupted");
        }
        write(out, buffer, n, temp);
      }
    }
    return Digests.hex(digest.digest());
  }

  // A full disk is the store's fault, a broken connection the sender's.
  private static void write(OutputStream out, byte[] buffer, int n, Path temp) {
    try {
      out.write(buffer, 0, n);
    } catch (IOException e) {
      throw StoreException.of("a file cannot be stored", temp, e);
    }
  }

  /** Stores a copy of a file. */
  StoredFile take(Path file) throws InterruptedException {
    try {
      String sha256 = Digests.sha256(file, done -> {});
      if (!has(sha256)) {
        store.requireSpace(Files.size(file));
        try (InputStream in = Files.newInputStream(file)) {
          put(sha256, in);
        }
      }
      return new StoredFile(fileName(file), sha256, Files.size(file));
    } catch (IOException e) {
      throw new HubException(
          Fault.of("the file cannot be read").got(String.valueOf(e)).where(file), e);
    }
  }

  private static String fileName(Path file) {
    String name = String.valueOf(file.getFileName());
    return SafeNames.isFile(name) ? name : "model.gguf";
  }

  /** The files of a model that lies elsewhere, copied into the store. */
  Manifest ofPath(Path path) throws InterruptedException {
    boolean isFolder = Files.isDirectory(path);
    List<StoredFile> files = new ArrayList<>();
    for (Path file : isFolder ? parts(path) : List.of(path)) {
      files.add(take(file));
    }
    Manifest.Kind kind = isFolder ? Manifest.Kind.SAFETENSORS : Manifest.Kind.GGUF;
    return new Manifest(path.toString(), kind, files, path.toString(), Instant.now());
  }

  private static List<Path> parts(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> SafeNames.isFile(String.valueOf(file.getFileName())))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new HubException(Fault.of("the folder cannot be read").where(folder), e);
    }
  }

  /** A model of files that are in the store. */
  Manifest ofFiles(Map<String, String> digests) throws InterruptedException {
    List<StoredFile> files = files(digests);
    if (files.isEmpty()) {
      throw new RefusedException(Fault.of("a model needs a file").expected("GGUF or safetensors"));
    }
    boolean isFolder = files.stream().anyMatch(file -> file.name().endsWith(".safetensors"));
    Manifest.Kind kind = isFolder ? Manifest.Kind.SAFETENSORS : Manifest.Kind.GGUF;
    return new Manifest("files", kind, files, "files", Instant.now());
  }

  /** Files of the store, by name. */
  List<StoredFile> files(Map<String, String> digests) throws InterruptedException {
    List<StoredFile> files = new ArrayList<>();
    for (Map.Entry<String, String> e : new TreeMap<>(digests).entrySet()) {
      files.add(file(e.getKey(), e.getValue()));
    }
    return files;
  }

  private StoredFile file(String name, String sha256) throws InterruptedException {
    if (!SafeNames.isFile(name)) {
      throw new RefusedException(Fault.of("not a file name").got(name));
    }
    try {
      if (!has(sha256)) {
        throw new RefusedException(
            Fault.of("there is no such blob").got("sha256:" + sha256).where(name));
      }
      return new StoredFile(name, sha256, Files.size(store.blobPath(sha256)));
    } catch (IOException e) {
      throw new HubException(Fault.of("a blob cannot be read").where(name), e);
    }
  }
}
