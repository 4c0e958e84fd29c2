package dev.nearside.tokenizer.gguf;

import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.TokenKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Finds tokens with a role by their usual texts, as llama.cpp does, because few files name all of
 * them; and tells which of them end a reply. Also mends kinds: a token that steers the model is a
 * control token whatever the file says.
 */
public final class SpecialTokenFinder {
  /** Texts by role; the first one that the vocabulary has wins. */
  private static final Map<SpecialRole, List<String>> USUAL =
      new EnumMap<>(
          Map.of(
              SpecialRole.EOT,
              List.of(
                  "<|eot_id|>",
                  "<|im_end|>",
                  "<|end|>",
                  "<end_of_turn>",
                  "<|endoftext|>",
                  "<|end_of_text|>",
                  "<EOT>",
                  "_<EOT>",
                  "[EOT]",
                  "<｜end▁of▁sentence｜>",
                  "<end_of_utterance>"),
              SpecialRole.EOM,
              List.of("<|eom_id|>"),
              SpecialRole.FIM_PREFIX,
              List.of(
                  "<|fim_prefix|>",
                  "<fim-prefix>",
                  "<fim_prefix>",
                  "<｜fim▁begin｜>",
                  "<PRE>",
                  "▁<PRE>",
                  "<|code_prefix|>",
                  "<|prefix|>"),
              SpecialRole.FIM_SUFFIX,
              List.of(
                  "<|fim_suffix|>",
                  "<fim-suffix>",
                  "<fim_suffix>",
                  "<｜fim▁hole｜>",
                  "<SUF>",
                  "▁<SUF>",
                  "<|code_suffix|>",
                  "<|suffix|>"),
              SpecialRole.FIM_MIDDLE,
              List.of(
                  "<|fim_middle|>",
                  "<fim-middle>",
                  "<fim_middle>",
                  "<｜fim▁end｜>",
                  "<MID>",
                  "▁<MID>",
                  "<|code_middle|>",
                  "<|middle|>"),
              SpecialRole.FIM_PAD,
              List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
              SpecialRole.FIM_REPO,
              List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
              SpecialRole.FIM_FILE,
              List.of("<|file_sep|>")));

  /** Tokens that end a reply wherever they exist. */
  private static final List<String> ENDS =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[");

  /** Parts of gpt-oss's format that a reader of the output has to see. */
  private static final List<String> ALWAYS_VISIBLE =
      List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

  /** Every text that this class asks for: a vocabulary has a hundred thousand others. */
  private static final Set<String> KNOWN = known();

  private final Map<String, Integer> idOf = new HashMap<>();
  private final TokenKind[] kinds;
  private final EnumMap<SpecialRole, Integer> roles;
  private final TreeSet<Integer> ends = new TreeSet<>();

  /**
   * @param kinds by id; this finder corrects them in place
   * @param roles what the file names already
   * @param candidates which ids may get a role by their text
   */
  public SpecialTokenFinder(
      String[] texts, TokenKind[] kinds, Map<SpecialRole, Integer> roles, IntPredicate candidates) {
    for (int id = 0; id < texts.length; id++) {
      if (KNOWN.contains(texts[id]) && candidates.test(id)) {
        idOf.put(texts[id], id);
      }
    }
    this.kinds = kinds;
    this.roles = new EnumMap<>(SpecialRole.class);
    this.roles.putAll(roles);
  }

  private static Set<String> known() {
    Set<String> all = new HashSet<>(ENDS);
    all.addAll(ALWAYS_VISIBLE);
    for (List<String> texts : USUAL.values()) {
      all.addAll(texts);
    }
    return all;
  }

  /** Looks the vocabulary through; afterwards the other methods answer. */
  public SpecialTokenFinder run() {
    USUAL.forEach(this::findRole);
    addEnd(SpecialRole.FIM_PAD);
    addEnd(SpecialRole.FIM_REPO);
    addEnd(SpecialRole.FIM_FILE);
    for (String text : ENDS) {
      Integer id = idOf.get(text);
      if (id != null) {
        ends.add(id);
        kinds[id] = TokenKind.CONTROL;
      }
    }
    for (String text : ALWAYS_VISIBLE) {
      Integer id = idOf.get(text);
      if (id != null) {
        kinds[id] = TokenKind.USER_DEFINED;
      }
    }
    addEnd(SpecialRole.EOS);
    addEnd(SpecialRole.EOT);
    addEnd(SpecialRole.EOM);
    takeBack();
    return this;
  }

  public Map<SpecialRole, Integer> roles() {
    return roles;
  }

  public List<Integer> endOfGeneration() {
    return List.copyOf(ends);
  }

  private void findRole(SpecialRole role, List<String> texts) {
    for (String text : texts) {
      Integer id = idOf.get(text);
      if (id != null && roles.putIfAbsent(role, id) == null) {
        kinds[id] = TokenKind.CONTROL;
      }
    }
  }

  /** Where one format uses another one's end token in the middle of a reply. */
  private void takeBack() {
    boolean call = isEnd("<|call|>") || isEnd("<|calls|>");
    if (isEnd("<|end|>") && call && (isEnd("<|return|>") || isEnd("<|flush|>"))) {
      demote("<|end|>", TokenKind.USER_DEFINED);
    }
    if (isEnd("<|tool_response>") && isEnd("</s>")) {
      demote("</s>", TokenKind.NORMAL);
    }
  }

  private void demote(String text, TokenKind kind) {
    Integer id = idOf.get(text);
    if (id != null) {
      ends.remove(id);
      kinds[id] = kind;
    }
  }

  private boolean isEnd(String text) {
    Integer id = idOf.get(text);
    return id != null && ends.contains(id);
  }

  private void addEnd(SpecialRole role) {
    Integer id = roles.get(role);
    if (id != null) {
      ends.add(id);
    }
  }
}
