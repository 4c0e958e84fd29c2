package dev.nearside.tokenizer;

import dev.nearside.base.Fault;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a GGUF file says about its vocabulary. The arrays are not copied: whoever builds a
 * spec hands them over.
 *
 * @param model the kind of vocabulary, GGUF's {@code tokenizer.ggml.model}: {@code llama}, {@code
 *     gpt2}, {@code gemma4}, {@code bert}, {@code t5}, {@code rwkv}
 * @param pre the pre-tokeniser family, GGUF's {@code tokenizer.ggml.pre}
 * @param tokens the stored text of each id
 * @param scores one per token, higher is better
 * @param types one per token, numbered as GGUF does (1 normal … 6 byte)
 * @param merges {@code "left right"}, most frequent first
 * @param ids ids by role, where the file names them
 * @param flags the switches that the file sets; the others follow from {@code model} and {@code
 *     pre}
 * @param precompiledCharsmap SentencePiece's normalisation table
 * @param modelName {@code general.name}; some models need rules that the file can't express
 * @param architecture {@code general.architecture}
 */
public record TokenizerSpec(
    String model,
    @Nullable String pre,
    String[] tokens,
    float @Nullable [] scores,
    int @Nullable [] types,
    String @Nullable [] merges,
    Map<SpecialRole, Integer> ids,
    Map<VocabularyFlag, Boolean> flags,
    byte @Nullable [] precompiledCharsmap,
    @Nullable String modelName,
    @Nullable String architecture) {

  /** Ids are ints and the tables are arrays; no published vocabulary comes near this. */
  static final int MAX_TOKENS = 1 << 24;

  public TokenizerSpec {
    if (tokens.length == 0 || tokens.length > MAX_TOKENS) {
      throw new TokenizerException(
          Fault.of("vocabulary of impossible size")
              .got(tokens.length + " tokens")
              .expected("1 to " + MAX_TOKENS)
              .where("tokenizer.ggml.tokens"));
    }
    requireAtLeast(tokens.length, scores == null ? tokens.length : scores.length, "scores");
    requireAtLeast(tokens.length, types == null ? tokens.length : types.length, "token_type");
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == null) {
        throw new TokenizerException(
            Fault.of("token without text").where("tokenizer.ggml.tokens[" + i + "]"));
      }
    }
    ids = copyIds(ids);
    flags = copyFlags(flags);
  }

  /** A spec with only what every vocabulary has; add to it with the {@code with} methods. */
  public static TokenizerSpec of(String model, String... tokens) {
    return new TokenizerSpec(
        model, null, tokens, null, null, null, Map.of(), Map.of(), null, null, null);
  }

  /**
   * Reads a GGUF file's metadata.
   *
   * @param metadata the file's keys ({@code tokenizer.ggml.model}, …) with plain values: strings,
   *     numbers, booleans, and lists or arrays of them
   * @throws TokenizerException when a key is missing or of the wrong type
   */
  public static TokenizerSpec fromMetadata(Map<String, ?> metadata) {
    return new MetadataReader(metadata).read();
  }

  public TokenizerSpec withPre(@Nullable String newPre) {
    return with(copy -> copy.pre = newPre);
  }

  public TokenizerSpec withScores(float... newScores) {
    return with(copy -> copy.scores = newScores);
  }

  /**
   * The same with further tokens behind its own, as models have them that were taught a chat format
   * later.
   *
   * @param type of each new token, as in {@link #types}
   */
  public TokenizerSpec withMoreTokens(List<String> more, int type) {
    int count = tokens.length + more.size();
    String[] newTokens = Arrays.copyOf(tokens, count);
    int[] newTypes = types == null ? new int[count] : Arrays.copyOf(types, count);
    if (types == null) {
      Arrays.fill(newTypes, 0, tokens.length, 1);
    }
    for (int i = 0; i < more.size(); i++) {
      newTokens[tokens.length + i] = more.get(i);
      newTypes[tokens.length + i] = type;
    }
    return with(copy -> {
      copy.tokens = newTokens;
      copy.types = newTypes;
      copy.scores = scores == null ? null : Arrays.copyOf(scores, count);
    });
  }

  public TokenizerSpec withTypes(int... newTypes) {
    return with(copy -> copy.types = newTypes);
  }

  public TokenizerSpec withMerges(String... newMerges) {
    return with(copy -> copy.merges = newMerges);
  }

  public TokenizerSpec withCharsmap(byte... table) {
    return with(copy -> copy.precompiledCharsmap = table);
  }

  public TokenizerSpec withId(SpecialRole role, int id) {
    Map<SpecialRole, Integer> more = copyIds(ids);
    more.put(role, id);
    return with(copy -> copy.ids = more);
  }

  public TokenizerSpec withFlag(VocabularyFlag flag, boolean value) {
    Map<VocabularyFlag, Boolean> more = copyFlags(flags);
    more.put(flag, value);
    return with(copy -> copy.flags = more);
  }

  private TokenizerSpec with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.frozen();
  }

  /** The members, open to change. */
  private static final class Copy {
    String model;
    @Nullable String pre;
    String[] tokens;
    float @Nullable [] scores;
    int @Nullable [] types;
    String @Nullable [] merges;
    Map<SpecialRole, Integer> ids;
    Map<VocabularyFlag, Boolean> flags;
    byte @Nullable [] precompiledCharsmap;
    @Nullable String modelName;
    @Nullable String architecture;

    Copy(TokenizerSpec of) {
      model = of.model;
      pre = of.pre;
      tokens = of.tokens;
      scores = of.scores;
      types = of.types;
      merges = of.merges;
      ids = of.ids;
      flags = of.flags;
      precompiledCharsmap = of.precompiledCharsmap;
      modelName = of.modelName;
      architecture = of.architecture;
    }

    TokenizerSpec frozen() {
      return new TokenizerSpec(
          model,
          pre,
          tokens,
          scores,
          types,
          merges,
          ids,
          flags,
          precompiledCharsmap,
          modelName,
          architecture);
    }
  }

  /** The flag as the file sets it, or {@code otherwise}. */
  public boolean flag(VocabularyFlag flag, boolean otherwise) {
    return flags.getOrDefault(flag, otherwise);
  }

  @Override
  public String toString() {
    return "TokenizerSpec[model=" + model + ", pre=" + pre + ", tokens=" + tokens.length + "]";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenizerSpec that
        && model.equals(that.model)
        && Objects.equals(pre, that.pre)
        && Arrays.equals(tokens, that.tokens)
        && Arrays.equals(scores, that.scores)
        && Arrays.equals(types, that.types)
        && Arrays.equals(merges, that.merges)
        && ids.equals(that.ids)
        && flags.equals(that.flags)
        && Arrays.equals(precompiledCharsmap, that.precompiledCharsmap)
        && Objects.equals(modelName, that.modelName)
        && Objects.equals(architecture, that.architecture);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tokens) * 31 + model.hashCode();
  }

  private static void requireAtLeast(int tokens, int length, String key) {
    if (length < tokens) {
      throw new TokenizerException(
          Fault.of("too few entries for the vocabulary")
              .got(length)
              .expected(tokens)
              .where("tokenizer.ggml." + key));
    }
  }

  private static Map<SpecialRole, Integer> copyIds(Map<SpecialRole, Integer> from) {
    Map<SpecialRole, Integer> copy = new EnumMap<>(SpecialRole.class);
    copy.putAll(from);
    return copy;
  }

  private static Map<VocabularyFlag, Boolean> copyFlags(Map<VocabularyFlag, Boolean> from) {
    Map<VocabularyFlag, Boolean> copy = new EnumMap<>(VocabularyFlag.class);
    copy.putAll(from);
    return copy;
  }
}
