package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.SafeNames;
import tools.jackson.databind.JsonNode;

/**
 * The model layer of an Ollama manifest (an OCI image manifest whose layers have Ollama's own media
 * types).
 */
record OllamaManifest(String sha256, long bytes) {

  static final String MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String MODEL_LAYER = "application/vnd.ollama.image.model";

  /**
   * @throws SourceException when it has no usable model layer
   */
  static OllamaManifest of(JsonNode root, String name) {
    for (JsonNode layer : root.path("layers")) {
      if (layer.path("mediaType").asString("").equals(MODEL_LAYER)) {
        String digest = layer.path("digest").asString("");
        String sha256 = digest.startsWith("sha256:") ? digest.substring(7) : "";
        long bytes = layer.path("size").asLong(-1);
        if (SafeNames.isSha256(sha256) && bytes > 0) {
          return new OllamaManifest(sha256, bytes);
        }
      }
    }
    throw SourceException.permanent(
        Fault.of("the manifest has no GGUF model layer")
            .got(root.path("mediaType").asString("no media type"))
            .expected(MODEL_LAYER)
            .where(name));
  }
}
