package dev.nearside.tokenizer.gguf;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.SpecialTokens;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.VocabularyFlag;
import dev.nearside.tokenizer.core.AddedToken;
import dev.nearside.tokenizer.core.ComposedTokenizer;
import dev.nearside.tokenizer.core.Frame;
import dev.nearside.tokenizer.core.SpecialSplitter;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.Unicode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a tokenizer from a GGUF file's vocabulary; gives the ids that llama.cpp gives. */
public final class GgufTokenizers {
  private GgufTokenizers() {}

  public static Tokenizer of(TokenizerSpec spec) {
    ModelKind kind = ModelKind.of(spec);
    String[] texts = texts(spec.tokens());
    TokenKind[] kinds = kinds(spec.types(), texts.length);
    BitSet special = new BitSet();
    for (int id = 0; id < kinds.length; id++) {
      special.set(id, isSpecial(kinds[id]));
    }
    Map<SpecialRole, Integer> roles = roles(spec, kind, texts.length);
    SpecialTokenFinder finder =
        new SpecialTokenFinder(texts, kinds, roles, id -> mayBeSpecial(texts, kinds, roles, id))
            .run();
    Vocabulary vocabulary = new Vocabulary(texts, kinds);
    SpecialTokens specials =
        new SpecialTokens(
            finder.roles(),
            finder.endOfGeneration(),
            kind.flag(VocabularyFlag.ADD_BOS),
            kind.flag(VocabularyFlag.ADD_EOS),
            kind.flag(VocabularyFlag.ADD_SEP));
    return new ComposedTokenizer(
        vocabulary,
        new SpecialSplitter(added(spec, vocabulary, special)),
        Encoders.of(kind, vocabulary, special, specials),
        frame(kind, specials),
        Renderers.of(kind, vocabulary),
        specials);
  }

  /** An empty token can't be looked up; it gets the name that llama.cpp gives it. */
  private static String[] texts(String[] tokens) {
    String[] texts = tokens.clone();
    for (int id = 0; id < texts.length; id++) {
      if (texts[id].isEmpty()) {
        texts[id] = "[EMPTY_" + id + "]";
      } else {
        texts[id] = Unicode.wellFormed(texts[id]);
      }
    }
    return texts;
  }

  private static TokenKind[] kinds(int @Nullable [] types, int count) {
    TokenKind[] kinds = new TokenKind[count];
    for (int id = 0; id < count; id++) {
      kinds[id] = types == null ? TokenKind.NORMAL : TokenKind.ofGguf(types[id]);
    }
    return kinds;
  }

  /** The file's ids over the kind's own; an id out of range is as good as none. */
  private static Map<SpecialRole, Integer> roles(TokenizerSpec spec, ModelKind kind, int count) {
    Map<SpecialRole, Integer> roles = new EnumMap<>(SpecialRole.class);
    kind.defaultRoles().forEach((role, id) -> putInRange(roles, role, id, count));
    Integer cls = spec.ids().get(SpecialRole.CLS);
    if (kind.model() == ModelKind.Model.WORDPIECE && cls != null) {
      putInRange(roles, SpecialRole.BOS, cls, count);
    }
    spec.ids().forEach((role, id) -> putInRange(roles, role, id, count));
    return roles;
  }

  private static void putInRange(
      Map<SpecialRole, Integer> roles, SpecialRole role, int id, int count) {
    if (id >= 0 && id < count) {
      roles.put(role, id);
    }
  }

  private static List<AddedToken> added(
      TokenizerSpec spec, Vocabulary vocabulary, BitSet specialInFile) {
    String name = spec.modelName() == null ? "" : spec.modelName().toLowerCase(Locale.ROOT);
    boolean phi3 = name.contains("phi-3") || name.contains("phi3");
    Set<String> notRight = Set.of("<unk>", "<s>", "<|endoftext|>");
    String leftStripped = leftStripped(spec, name);
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenKind kind = vocabulary.kind(id);
      // gpt-oss's <|start|> is made visible by its kind, but is no less special in a user's text.
      boolean special = isSpecial(kind) || specialInFile.get(id);
      if (special || kind == TokenKind.USER_DEFINED) {
        String text = vocabulary.text(id);
        boolean right = phi3 && !notRight.contains(text);
        added.add(new AddedToken(id, text, special, text.equals(leftStripped), right, false));
      }
    }
    return added;
  }

  /**
   * In most byte-level vocabularies {@code </s>} is an ordinary word, the end of struck-out text in
   * HTML: it ends a reply only where the file says so.
   */
  private static boolean mayBeSpecial(
      String[] texts, TokenKind[] kinds, Map<SpecialRole, Integer> roles, int id) {
    return kinds[id] != TokenKind.NORMAL
        || !texts[id].equals("</s>")
        || Integer.valueOf(id).equals(roles.get(SpecialRole.EOS));
  }

  private static boolean isSpecial(TokenKind kind) {
    return kind == TokenKind.CONTROL || kind == TokenKind.UNKNOWN;
  }

  /** The token that swallows white space before it; GGUF has no field for that. */
  private static String leftStripped(TokenizerSpec spec, String name) {
    String pre = spec.pre() == null ? "" : spec.pre();
    String architecture = spec.architecture() == null ? "" : spec.architecture();
    boolean jina =
        pre.contains("jina-v2-de") || pre.contains("jina-v2-es") || pre.contains("jina-v2-code");
    if (jina || architecture.equals("nomic-bert-moe") || architecture.equals("jina-bert-v3")) {
      return "<mask>";
    }
    return name.contains("modern-bert") ? "[MASK]" : "";
  }

  private static Frame frame(ModelKind kind, SpecialTokens specials) {
    boolean bert = kind.model() == ModelKind.Model.WORDPIECE;
    IntList prefix = new IntList();
    IntList suffix = new IntList();
    if (specials.addBos() || bert) {
      specials.bos().ifPresent(prefix::add);
    }
    if (bert) {
      specials.sep().ifPresent(suffix::add);
    } else if (specials.addEos()) {
      specials.eos().ifPresent(suffix::add);
    }
    return new Frame(prefix.toArray(), suffix.toArray());
  }

  static TokenizerException missing(String what, TokenizerSpec spec) {
    return new TokenizerException(
        Fault.of("the vocabulary lacks " + what)
            .where("tokenizer.ggml.model = " + spec.model() + ", pre = " + spec.pre()));
  }
}
