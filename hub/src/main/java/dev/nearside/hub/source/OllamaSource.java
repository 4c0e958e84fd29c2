package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.download.RemoteFile;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Manifest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A model of the Ollama registry: the manifest names the GGUF blob by its sha256. See
 * https://distribution.github.io/distribution/spec/api/ and ollama's server/download.go.
 *
 * @param name {@code name} or {@code user/name}
 */
record OllamaSource(URI registry, String name, String tag) implements ModelSource {

  private static final String GATE_HINT = "The registry wants a login for this model";

  @Override
  public String label() {
    return "Ollama registry " + name + ":" + tag;
  }

  @Override
  public Fetched fetch(Intake intake) throws InterruptedException {
    String repository = "v2/" + (name.contains("/") ? name : "library/" + name);
    Api api = new Api(intake.http(), Map.of("Accept", OllamaManifest.MEDIA_TYPE), GATE_HINT);
    JsonNode answer =
        api.ask(
            Api.address(registry, repository + "/manifests/" + tag, ""), "cannot get the manifest");
    if (answer == null) {
      throw SourceException.permanent(Fault.of("there is no such model").got(name + ":" + tag));
    }
    OllamaManifest layer = OllamaManifest.of(answer, name);
    RemoteFile file =
        new RemoteFile(
            "model.gguf",
            Api.address(registry, repository + "/blobs/sha256:" + layer.sha256(), ""),
            Map.of(),
            layer.bytes(),
            layer.sha256(),
            null,
            GATE_HINT);
    return new Fetched(Manifest.Kind.GGUF, intake.download(List.of(file)));
  }
}
