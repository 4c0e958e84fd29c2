package dev.nearside.tokenizer.gguf;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.VocabularyFlag;
import dev.nearside.tokenizer.pre.PreFamilies;
import dev.nearside.tokenizer.pre.PreFamily;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows from {@code tokenizer.ggml.model} and {@code tokenizer.ggml.pre}: the algorithm and
 * the values of everything that the file doesn't say.
 *
 * @param family the pre-tokeniser; only BPE has one
 */
record ModelKind(
    TokenizerSpec spec,
    Model model,
    @Nullable PreFamily family,
    Set<VocabularyFlag> on,
    Map<SpecialRole, Integer> defaultRoles) {

  /** The algorithms. */
  enum Model {
    SENTENCEPIECE,
    BYTE_BPE,
    CHARACTER_BPE,
    WHITESPACE_BPE,
    WORDPIECE,
    UNIGRAM,
    RWKV
  }

  static ModelKind of(TokenizerSpec spec) {
    Set<VocabularyFlag> none = Set.of();
    return switch (spec.model()) {
      case "llama" ->
          new ModelKind(
              spec,
              Model.SENTENCEPIECE,
              null,
              Set.of(
                  VocabularyFlag.ADD_BOS,
                  VocabularyFlag.ADD_SPACE_PREFIX,
                  VocabularyFlag.ESCAPE_WHITESPACES),
              Map.of(SpecialRole.BOS, 1, SpecialRole.EOS, 2, SpecialRole.UNK, 0));
      case "gpt2" -> bpe(spec, PreFamilies.of(spec.pre()));
      case "gemma4" ->
          new ModelKind(
              spec,
              Model.CHARACTER_BPE,
              PreFamilies.of("gemma4"),
              Set.of(VocabularyFlag.ADD_BOS, VocabularyFlag.ESCAPE_WHITESPACES),
              Map.of());
      case "whitespace" ->
          new ModelKind(
              spec,
              Model.WHITESPACE_BPE,
              null,
              none,
              Map.of(SpecialRole.BOS, 11, SpecialRole.EOS, 11));
      case "bert" ->
          new ModelKind(
              spec,
              Model.WORDPIECE,
              null,
              Set.of(
                  VocabularyFlag.ADD_BOS,
                  VocabularyFlag.ADD_SEP,
                  VocabularyFlag.LOWERCASE,
                  VocabularyFlag.ESCAPE_WHITESPACES),
              Map.of(
                  SpecialRole.BOS, 101,
                  SpecialRole.UNK, 100,
                  SpecialRole.SEP, 102,
                  SpecialRole.PAD, 0,
                  SpecialRole.MASK, 103));
      case "t5" ->
          new ModelKind(
              spec,
              Model.UNIGRAM,
              null,
              Set.of(VocabularyFlag.ADD_EOS, VocabularyFlag.ESCAPE_WHITESPACES),
              Map.of(SpecialRole.EOS, 1, SpecialRole.UNK, 2, SpecialRole.PAD, 0));
      case "rwkv" -> new ModelKind(spec, Model.RWKV, null, none, Map.of());
      default ->
          throw new TokenizerException(
              Fault.of("unknown kind of vocabulary")
                  .got(spec.model())
                  .expected("llama, gpt2, gemma4, bert, t5, whitespace or rwkv")
                  .where("tokenizer.ggml.model")
                  .hint("The model may be newer than this program"));
    };
  }

  private static ModelKind bpe(TokenizerSpec spec, PreFamily family) {
    EnumSet<VocabularyFlag> on = EnumSet.noneOf(VocabularyFlag.class);
    on.addAll(family.on());
    EnumMap<SpecialRole, Integer> roles = new EnumMap<>(SpecialRole.class);
    // GPT-2's converter never wrote ids; 11 is Falcon's, the first BPE model in GGUF.
    roles.put(SpecialRole.BOS, 11);
    roles.put(SpecialRole.EOS, 11);
    if (family.characters()) {
      on.add(VocabularyFlag.ESCAPE_WHITESPACES);
    }
    if (family.names().contains("glm4")) {
      roles.remove(SpecialRole.BOS);
    }
    Model model = family.characters() ? Model.CHARACTER_BPE : Model.BYTE_BPE;
    return new ModelKind(spec, model, family, on, roles);
  }

  boolean flag(VocabularyFlag flag) {
    if (flag == VocabularyFlag.ADD_BOS && family != null && family.names().contains("gemma4")) {
      // Published Gemma 4 files say false, and the model fails without.
      return true;
    }
    if (flag == VocabularyFlag.STRIP_ACCENTS) {
      return spec.flag(flag, flag(VocabularyFlag.LOWERCASE));
    }
    return spec.flag(flag, on.contains(flag));
  }
}
