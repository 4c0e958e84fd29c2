package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.engine.LocalEncoder;
import dev.nearside.hub.OriginalFiles;
import dev.nearside.hub.RefusedException;
import dev.nearside.model.Compute;
import dev.nearside.model.Originals;
import dev.nearside.model.PackedFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What the hub wants of someone who knows model files: originals come apart into packed weights and
 * a remainder, and together again.
 *
 * @param folder where packed weights lie
 */
record KeptOriginals(CliContext context, PackedFolder folder) implements OriginalFiles {
  @Override
  public Path split(Path original, String sha256, Path remainder) {
    if (LocalEncoder.isFor(original)) {
      throw new RefusedException(
          Fault.of("the weights of models that embed or rank are not kept packed")
              .expected("a model that writes")
              .where(original));
    }
    context.err().println("packing the weights, and comparing them with the original");
    Path packed;
    try (Compute compute = Compute.create(context.env().get("NEARSIDE_KERNELS"), 0)) {
      packed = Originals.pack(original, folder, compute);
    }
    Originals.split(original, sha256, packed, remainder);
    return packed;
  }

  @Override
  public void rebuild(Path remainder, Path into) throws IOException {
    Originals.rebuild(remainder, into);
  }
}
