package dev.nearside.hub.store;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearside.hub.HubException;

/** Whatever stands in a manifest ends in a value or a {@link HubException}. */
class ManifestFuzzTest {

  @FuzzTest(maxDuration = "15s")
  void manifest_anyBytes_endsInManifestOrTypedError(byte[] bytes) {
    try {
      Manifest manifest = Manifest.parse(bytes, "fuzz");
      for (StoredFile file : manifest.blobs()) {
        if (!SafeNames.isPath(file.name()) || !SafeNames.isSha256(file.sha256())) {
          throw new AssertionError("unsafe file was let through: " + file);
        }
      }
    } catch (HubException e) {
      return;
    }
  }
}
