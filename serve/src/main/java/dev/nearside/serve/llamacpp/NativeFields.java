package dev.nearside.serve.llamacpp;

import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Prompt;
import dev.nearside.serve.fields.AdapterFields;
import dev.nearside.serve.fields.FormatFields;
import dev.nearside.serve.fields.SamplingFields;
import dev.nearside.serve.fields.TokenIds;
import dev.nearside.serve.fields.UrgencyFields;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A native completion.
 *
 * @param isStream whether it is answered piece by piece
 */
record NativeFields(CompletionRequest request, boolean isStream) {
  private static final Shape COMMON =
      Shape.EMPTY
          .with(FieldType.TEXT, "model")
          .with(FieldType.WHOLE, "n_predict", "n_probs")
          .with(FieldType.FLAG, "stream", "cache_prompt")
          .with(FieldType.ANY, "stop")
          .with(FieldType.LIST, "lora")
          .and(SamplingFields.SHAPE)
          .and(FormatFields.SHAPE);

  static final Shape COMPLETION = COMMON.with(FieldType.ANY, "prompt").needs("prompt");
  static final Shape INFILL =
      COMMON
          .with(FieldType.TEXT, "input_prefix", "input_suffix", "prompt")
          .with(FieldType.LIST, "input_extra")
          .needs("input_prefix", "input_suffix");

  private static final String TEXT_ONLY = "can't be taken: the model takes text only";

  private static final Map<String, String> REFUSED =
      Map.of("image_data", TEXT_ONLY, "multimodal_data", TEXT_ONLY);

  static NativeFields readCompletion(Fields f) {
    return read(f, prompt(f));
  }

  /** A gap in a file, with pieces of other files before it. */
  static NativeFields readInfill(Fields f) {
    StringBuilder before = new StringBuilder();
    for (Fields extra : f.objects("input_extra")) {
      before.append("\n\n--- ").append(extra.needText("filename")).append(" ---\n\n");
      before.append(extra.needText("text"));
    }
    before.append(f.needText("input_prefix")).append(f.text("prompt").orElse(""));
    return read(f, new Prompt.Infill(before.toString(), f.needText("input_suffix")));
  }

  private static NativeFields read(Fields f, Prompt prompt) {
    f.refuse(REFUSED);
    OptionalInt tokens = f.whole("n_predict", -1, Integer.MAX_VALUE);
    if (tokens.isPresent() && tokens.getAsInt() == 0) {
      throw f.wrong("n_predict", "must be at least 1, or -1 for no limit");
    }
    int top = f.whole("n_probs", 0, 100).orElse(0);
    Generation generation =
        new Generation(
            SamplingFields.read(f),
            new Limits(Math.max(0, tokens.orElse(-1)), f.texts("stop")),
            FormatFields.read(f),
            top == 0 ? null : Integer.valueOf(top),
            AdapterFields.read(f),
            UrgencyFields.read(f));
    return new NativeFields(new CompletionRequest(prompt, generation), f.flag("stream", false));
  }

  private static Prompt prompt(Fields f) {
    JsonNode node = f.need("prompt");
    if (node.isString()) {
      return new Prompt.Text(node.stringValue(), true);
    }
    int[] ids = TokenIds.read(node);
    if (ids == null || ids.length == 0) {
      throw f.wrong("prompt", "must be a string or an array of token ids; one prompt at a time");
    }
    return new Prompt.Ids(ids);
  }
}
