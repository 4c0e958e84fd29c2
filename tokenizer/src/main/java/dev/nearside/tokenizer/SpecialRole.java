package dev.nearside.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The roles a token can have, with the metadata keys that name its id in GGUF. */
public enum SpecialRole {
  BOS("bos_token_id"),
  EOS("eos_token_id"),
  EOT("eot_token_id"),
  EOM("eom_token_id"),
  UNK("unknown_token_id"),
  SEP("seperator_token_id", "separator_token_id"),
  PAD("padding_token_id"),
  CLS("cls_token_id"),
  MASK("mask_token_id"),
  FIM_PREFIX("fim_pre_token_id", "prefix_token_id"),
  FIM_SUFFIX("fim_suf_token_id", "suffix_token_id"),
  FIM_MIDDLE("fim_mid_token_id", "middle_token_id"),
  FIM_PAD("fim_pad_token_id"),
  FIM_REPO("fim_rep_token_id"),
  FIM_FILE("fim_sep_token_id");

  private final String key;
  private final @Nullable String oldKey;

  SpecialRole(String key) {
    this(key, null);
  }

  SpecialRole(String key, @Nullable String oldKey) {
    this.key = key;
    this.oldKey = oldKey;
  }

  /** Metadata keys below {@code tokenizer.ggml.}; the first one is today's, the second is old. */
  List<String> keys() {
    return oldKey == null ? List.of(key) : List.of(key, oldKey);
  }
}
