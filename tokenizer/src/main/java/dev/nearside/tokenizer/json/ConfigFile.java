package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.core.Frame;
import dev.nearside.tokenizer.text.IntList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What {@code tokenizer_config.json} says about roles. Without the file, beginning and end are
 * known by their usual texts.
 */
record ConfigFile(JsonNode root) {
  private static final List<String> USUAL_BOS =
      List.of(
          "<|begin_of_text|>", "<bos>", "<｜begin▁of▁sentence｜>", "<|startoftext|>", "<s>", "[CLS]");

  private static final List<String> USUAL_EOS =
      List.of(
          "<|end_of_text|>", "<eos>", "<｜end▁of▁sentence｜>", "<|return|>", "</s>", "<|endoftext|>");

  static ConfigFile read(byte @Nullable [] json) {
    return new ConfigFile(
        json == null
            ? JsonNodeFactory.instance.objectNode()
            : JsonFile.tree(json, "tokenizer_config.json"));
  }

  /** Tokens listed here, by id. */
  Map<Integer, Component> addedTokens() {
    Map<Integer, Component> out = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("added_tokens_decoder").properties()) {
      Component token = Component.of(entry.getValue(), "added_tokens_decoder");
      if (token != null && entry.getKey().matches("\\d{1,8}")) {
        out.put(Integer.parseInt(entry.getKey()), token);
      }
    }
    return out;
  }

  Map<SpecialRole, Integer> roles(
      Map<String, Integer> vocabulary, List<JsonAddedToken> added, Frame template) {
    Map<String, Integer> ids = new HashMap<>();
    for (JsonAddedToken token : added) {
      ids.put(token.token().text(), token.token().id());
    }
    Map<SpecialRole, Integer> out = new EnumMap<>(SpecialRole.class);
    put(out, SpecialRole.BOS, "bos_token", vocabulary, ids);
    put(out, SpecialRole.EOS, "eos_token", vocabulary, ids);
    put(out, SpecialRole.UNK, "unk_token", vocabulary, ids);
    put(out, SpecialRole.PAD, "pad_token", vocabulary, ids);
    put(out, SpecialRole.SEP, "sep_token", vocabulary, ids);
    put(out, SpecialRole.CLS, "cls_token", vocabulary, ids);
    put(out, SpecialRole.MASK, "mask_token", vocabulary, ids);
    if (root.isEmpty()) {
      if (template.prefix().length > 0) {
        out.put(SpecialRole.BOS, template.prefix()[0]);
      }
      guess(out, SpecialRole.BOS, USUAL_BOS, ids);
      guess(out, SpecialRole.EOS, USUAL_EOS, ids);
    }
    return out;
  }

  /** The template, or what older files say with {@code add_bos_token} and {@code add_eos_token}. */
  Frame frame(Frame template, Map<SpecialRole, Integer> roles) {
    IntList prefix = new IntList();
    IntList suffix = new IntList();
    Integer bos = roles.get(SpecialRole.BOS);
    Integer eos = roles.get(SpecialRole.EOS);
    if (bos != null && isOn("add_bos_token") && template.prefix().length == 0) {
      prefix.add(bos);
    }
    prefix.addAll(template.prefix());
    suffix.addAll(template.suffix());
    if (eos != null && isOn("add_eos_token") && template.suffix().length == 0) {
      suffix.add(eos);
    }
    return new Frame(prefix.toArray(), suffix.toArray());
  }

  private boolean isOn(String field) {
    return root.path(field).asBoolean(false);
  }

  private void put(
      Map<SpecialRole, Integer> out,
      SpecialRole role,
      String field,
      Map<String, Integer> vocabulary,
      Map<String, Integer> added) {
    JsonNode value = root.path(field);
    JsonNode text = value.isObject() ? value.path("content") : value;
    if (text.isString()) {
      Integer id = added.get(text.stringValue());
      id = id == null ? vocabulary.get(text.stringValue()) : id;
      if (id != null) {
        out.put(role, id);
      }
    }
  }

  private static void guess(
      Map<SpecialRole, Integer> out,
      SpecialRole role,
      List<String> usual,
      Map<String, Integer> ids) {
    for (String text : usual) {
      if (ids.containsKey(text)) {
        out.putIfAbsent(role, ids.get(text));
      }
    }
  }
}
