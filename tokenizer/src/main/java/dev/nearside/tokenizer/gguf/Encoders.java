package dev.nearside.tokenizer.gguf;

import dev.nearside.base.Soon;
import dev.nearside.tokenizer.SpecialTokens;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.VocabularyFlag;
import dev.nearside.tokenizer.bpe.BpeBuilder;
import dev.nearside.tokenizer.bpe.BpeModel;
import dev.nearside.tokenizer.bpe.ByteBpe;
import dev.nearside.tokenizer.bpe.CharBpe;
import dev.nearside.tokenizer.core.FragmentEncoder;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.pre.PreFamily;
import dev.nearside.tokenizer.pre.Splitter;
import dev.nearside.tokenizer.rwkv.RwkvEncoder;
import dev.nearside.tokenizer.sentencepiece.CharsMap;
import dev.nearside.tokenizer.sentencepiece.SpmEncoder;
import dev.nearside.tokenizer.text.ByteAlphabet;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.TokenTrie;
import dev.nearside.tokenizer.text.Unicode;
import dev.nearside.tokenizer.unigram.UgmText;
import dev.nearside.tokenizer.unigram.UnigramEncoder;
import dev.nearside.tokenizer.wordpiece.BertText;
import dev.nearside.tokenizer.wordpiece.WordPiece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The way from text to ids for each kind of vocabulary. */
final class Encoders {
  private static final String ESCAPED_SPACE = "▁";

  private Encoders() {}

  /**
   * @param special the tokens that the file marks as special, which no text may become by itself
   */
  static FragmentEncoder of(
      ModelKind kind, Vocabulary vocabulary, BitSet special, SpecialTokens specials) {
    Map<String, Integer> ids = vocabulary.ids(id -> !special.get(id));
    return switch (kind.model()) {
      case SENTENCEPIECE -> sentencePiece(kind, vocabulary, specials);
      case BYTE_BPE -> byteBpe(kind, vocabulary, ids);
      case CHARACTER_BPE -> characterBpe(kind, vocabulary, ids);
      case WHITESPACE_BPE -> whitespaceBpe(kind, vocabulary, ids);
      case WORDPIECE -> wordPiece(kind, ids, specials);
      case UNIGRAM -> unigram(kind, vocabulary, specials);
      case RWKV -> rwkv(vocabulary, specials);
    };
  }

  private static FragmentEncoder sentencePiece(
      ModelKind kind, Vocabulary vocabulary, SpecialTokens specials) {
    SpmEncoder encoder = new SpmEncoder(vocabulary, scores(kind.spec()), specials.unk().orElse(-1));
    String prefix = kind.flag(VocabularyFlag.ADD_SPACE_PREFIX) ? ESCAPED_SPACE : "";
    return (text, atStart, parse, out) -> encoder.encode(prefix + text.replace(' ', '▁'), out);
  }

  private static FragmentEncoder byteBpe(
      ModelKind kind, Vocabulary vocabulary, Map<String, Integer> ids) {
    PreFamily family = family(kind);
    String[] merges = merges(kind.spec());
    // A tenth of a second of work, and a model has other things to load meanwhile.
    Soon<ByteBpe> encoder =
        Soon.of(() -> {
          BpeModel model =
              bpe(merges, vocabulary.size(), ids, text -> BpeBuilder.spell(text, vocabulary::id));
          return new ByteBpe(model, family.wholeWords());
        });
    return words(family.splitter().get(), (word, out) -> encoder.get().encode(word, out));
  }

  private static FragmentEncoder characterBpe(
      ModelKind kind, Vocabulary vocabulary, Map<String, Integer> ids) {
    CharBpe encoder = charBpe(kind, vocabulary, ids);
    Splitter splitter = family(kind).splitter().get();
    boolean wholeLineBreaks = family(kind).names().contains("gemma4");
    WordEncoder perLine =
        (word, out) -> {
          // A run of line breaks is one token where there is such a token, whatever the merges.
          Integer whole = wholeLineBreaks && word.charAt(0) == '\n' ? vocabulary.id(word) : null;
          if (whole != null) {
            out.add(whole);
          } else {
            encoder.encode(word, out);
          }
        };
    FragmentEncoder words = words(splitter, perLine);
    return (text, atStart, parse, out) -> words.encode(text.replace(' ', '▁'), atStart, parse, out);
  }

  private static FragmentEncoder whitespaceBpe(
      ModelKind kind, Vocabulary vocabulary, Map<String, Integer> ids) {
    CharBpe encoder = charBpe(kind, vocabulary, ids);
    boolean lowercase = kind.flag(VocabularyFlag.LOWERCASE);
    return (text, atStart, parse, out) -> {
      StringBuilder word = new StringBuilder();
      for (int i = 0; i < text.length(); ) {
        int c = text.codePointAt(i);
        i += Character.charCount(c);
        if (!Unicode.isWhitespace(c)) {
          word.appendCodePoint(lowercase ? Character.toLowerCase(c) : c);
        }
        boolean ends = i == text.length() || Unicode.isWhitespace(c);
        if (ends && !word.isEmpty()) {
          encoder.encode(word.toString(), out);
          word.setLength(0);
        }
      }
    };
  }

  private static FragmentEncoder wordPiece(
      ModelKind kind, Map<String, Integer> ids, SpecialTokens specials) {
    WordPiece model = WordPiece.markedBeginnings(ids, specials.unk().orElse(-1));
    boolean lowercase = kind.flag(VocabularyFlag.LOWERCASE);
    boolean strip = kind.flag(VocabularyFlag.STRIP_ACCENTS);
    return (text, atStart, parse, out) -> {
      List<String> words = new ArrayList<>();
      BertText.words(text, lowercase, strip, words);
      for (String word : words) {
        model.encode(ESCAPED_SPACE + word, out);
      }
    };
  }

  private static FragmentEncoder unigram(
      ModelKind kind, Vocabulary vocabulary, SpecialTokens specials) {
    TokenTrie pieces = new TokenTrie(vocabulary.size());
    TokenTrie userDefined = new TokenTrie(16);
    float[] given = scores(kind.spec());
    double[] scores = new double[given.length];
    double worst = Double.MAX_VALUE;
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenKind tokenKind = vocabulary.kind(id);
      scores[id] = tokenKind == TokenKind.USER_DEFINED ? 0 : given[id];
      switch (tokenKind) {
        case NORMAL -> {
          worst = Math.min(worst, given[id]);
          pieces.add(vocabulary.text(id), id);
        }
        case USER_DEFINED -> {
          pieces.add(vocabulary.text(id), id);
          userDefined.add(vocabulary.text(id), id);
        }
        case UNUSED -> pieces.add(vocabulary.text(id), id);
        case UNKNOWN, CONTROL, BYTE -> {}
      }
    }
    byte[] map = kind.spec().precompiledCharsmap();
    boolean suffixed = kind.flag(VocabularyFlag.WHITESPACE_AS_SUFFIX);
    boolean prefix = kind.flag(VocabularyFlag.ADD_SPACE_PREFIX);
    UgmText normalizer =
        new UgmText(
            map == null || map.length == 0 ? null : new CharsMap(map),
            userDefined,
            kind.flag(VocabularyFlag.ESCAPE_WHITESPACES) ? ESCAPED_SPACE : " ",
            prefix && !suffixed,
            prefix && suffixed,
            kind.flag(VocabularyFlag.REMOVE_EXTRA_WHITESPACES));
    UnigramEncoder model =
        new UnigramEncoder(pieces, scores, worst, specials.unk().orElse(-1), false, vocabulary);
    return (text, atStart, parse, out) -> model.encode(normalizer.normalize(text), out);
  }

  private static FragmentEncoder rwkv(Vocabulary vocabulary, SpecialTokens specials) {
    RwkvEncoder encoder = new RwkvEncoder(vocabulary, specials.unk().orElse(-1));
    return (text, atStart, parse, out) -> encoder.encode(text, out);
  }

  private static FragmentEncoder words(Splitter splitter, WordEncoder encoder) {
    return (text, atStart, parse, out) -> {
      List<String> words = new ArrayList<>();
      splitter.split(text, words);
      for (String word : words) {
        encoder.encode(word, out);
      }
    };
  }

  private static CharBpe charBpe(ModelKind kind, Vocabulary vocabulary, Map<String, Integer> ids) {
    BpeModel model =
        bpe(merges(kind.spec()), vocabulary.size(), ids, text -> byteTokens(text, vocabulary));
    return new CharBpe(model, new CharBpe.Options(false, true, true, -1, false, "", ""));
  }

  private static int[] byteTokens(String text, Vocabulary vocabulary) {
    IntList out = new IntList();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int token = vocabulary.byteToken(b & 0xFF);
      if (token >= 0) {
        out.add(token);
      }
    }
    return out.toArray();
  }

  private static String[] merges(TokenizerSpec spec) {
    String[] merges = spec.merges();
    if (merges == null) {
      throw GgufTokenizers.missing("merges", spec);
    }
    return merges;
  }

  private static BpeModel bpe(
      String[] merges, int tokens, Map<String, Integer> ids, Function<String, int[]> spelling) {
    BpeBuilder builder = new BpeBuilder(ids, tokens, merges.length, false).spelling(spelling);
    // A byte that has no token still keeps its neighbours apart.
    for (int b = 0; b < 256; b++) {
      builder.symbol(String.valueOf(ByteAlphabet.charOf(b)));
    }
    for (String merge : merges) {
      // The left part may itself begin with a space, so the search begins after it.
      int space = merge.indexOf(' ', 1);
      if (space > 0) {
        String left = merge.substring(0, space);
        String right = merge.substring(space + 1);
        builder.merge(left, right, left + right);
      }
    }
    return builder.build();
  }

  private static float[] scores(TokenizerSpec spec) {
    float[] scores = spec.scores();
    if (scores == null) {
      return new float[spec.tokens().length];
    }
    return scores;
  }

  private static PreFamily family(ModelKind kind) {
    PreFamily family = kind.family();
    if (family == null) {
      throw GgufTokenizers.missing("a pre-tokeniser", kind.spec());
    }
    return family;
  }
}
