package dev.nearside.serve.ollama;

import dev.nearside.hub.LocalModel;
import dev.nearside.serve.ModelBrief;
import dev.nearside.serve.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/** What several endpoints say alike about a stored model. */
final class Details {
  private Details() {}

  static ObjectNode of(LocalModel model, ModelBrief brief) {
    String parent = model.settings().parent();
    ObjectNode out =
        Json.object()
            .put("parent_model", parent == null ? "" : parent)
            .put("format", brief.format())
            .put("family", brief.family());
    out.putArray("families").add(brief.family());
    return out.put("parameter_size", brief.parameterSize())
        .put("quantization_level", brief.quantization());
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
