package dev.nearside.serve.ollama;

import dev.nearside.base.NearsideException;
import dev.nearside.hub.LocalModel;
import dev.nearside.serve.ModelCard;
import dev.nearside.serve.ModelWorkshop;
import dev.nearside.serve.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/** What several endpoints say alike about a stored model. */
final class Details {
  private Details() {}

  static ObjectNode of(LocalModel model, ModelCard card) {
    String parent = model.settings().parent();
    ObjectNode out =
        Json.object()
            .put("parent_model", parent == null ? "" : parent)
            .put("format", card.format())
            .put("family", card.family());
    out.putArray("families").add(card.family());
    return out.put("parameter_size", card.parameterSize())
        .put("quantization_level", card.quantization());
  }

  /** The same for a list, which a file that can't be read must not spoil. */
  static ObjectNode ofListed(LocalModel model, ModelWorkshop workshop) {
    try {
      return of(model, workshop.read(model));
    } catch (NearsideException e) {
      return Json.object()
          .put("parent_model", "")
          .put("format", model.isFolder() ? "safetensors" : "gguf")
          .put("family", "unreadable: " + e.fault().what());
    }
  }

  /** The digest that tells one model from another: the file's, else one over name, size, time. */
  static String digest(LocalModel model) {
    if (model.sha256() != null) {
      return model.sha256();
    }
    String facts = model.name() + "\n" + model.bytes() + "\n" + model.modifiedAt();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(facts.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
