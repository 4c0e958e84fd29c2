package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.bpe.BpeBuilder;
import dev.nearside.tokenizer.bpe.BpeModel;
import dev.nearside.tokenizer.bpe.ByteBpe;
import dev.nearside.tokenizer.bpe.CharBpe;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.ByteAlphabet;
import dev.nearside.tokenizer.text.TokenTrie;
import dev.nearside.tokenizer.unigram.UnigramEncoder;
import dev.nearside.tokenizer.wordpiece.WordPiece;

/** The models of {@code tokenizer.json}. */
final class Models {
  private final JsonFile file;
  private final Component c;

  Models(JsonFile file) {
    this.file = file;
    this.c = new Component(file.model, "model");
  }

  /** The model's type; old files leave it to be guessed. */
  String type() {
    if (!c.type().isEmpty()) {
      return c.type();
    }
    if (file.hasMerges || c.has("byte_fallback") || c.has("end_of_word_suffix")) {
      return "BPE";
    }
    if (!file.scores.isEmpty()) {
      return "Unigram";
    }
    return c.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  /** Whether the model can take text and turn it to bytes itself. */
  boolean takesBytes() {
    if (!type().equals("BPE")
        || !wordPrefix().isEmpty()
        || !wordSuffix().isEmpty()
        || c.flag("byte_fallback", false)) {
      return false;
    }
    for (int b = 0; c.has("unk_token") && b < 256; b++) {
      if (!file.vocabulary.containsKey(String.valueOf(ByteAlphabet.charOf(b)))) {
        return false;
      }
    }
    return true;
  }

  boolean hasByteTokens() {
    return c.flag("byte_fallback", false);
  }

  /**
   * @param bytes whether the pre-tokenizer leaves the step to bytes to the model
   */
  WordEncoder encoder(Vocabulary vocabulary, boolean bytes) {
    return switch (type()) {
      case "BPE" -> bpe(vocabulary, bytes);
      case "Unigram" -> unigram(vocabulary);
      case "WordPiece" ->
          WordPiece.markedContinuations(
              file.vocabulary,
              c.string("continuing_subword_prefix", "##"),
              unknown(true),
              c.number("max_input_chars_per_word", 100));
      case "WordLevel" -> wordLevel();
      default -> throw c.unknownType();
    };
  }

  private WordEncoder bpe(Vocabulary vocabulary, boolean bytes) {
    BpeBuilder builder =
        new BpeBuilder(file.vocabulary, vocabulary.size(), file.merges.size() / 2, true);
    int prefix = wordPrefix().length();
    if (prefix > 0 || !wordSuffix().isEmpty()) {
      builder.withoutCuts();
    }
    for (int i = 0; i < file.merges.size(); i += 2) {
      String left = file.merges.get(i);
      String right = file.merges.get(i + 1);
      builder.merge(left, right, left + right.substring(Math.min(prefix, right.length())));
    }
    BpeModel model = builder.build();
    boolean wholeWords = c.flag("ignore_merges", false);
    if (bytes) {
      return new ByteBpe(model, wholeWords);
    }
    return new CharBpe(
        model,
        new CharBpe.Options(
            wholeWords,
            c.flag("byte_fallback", false),
            false,
            unknown(false),
            c.flag("fuse_unk", false),
            wordPrefix(),
            wordSuffix()));
  }

  private WordEncoder unigram(Vocabulary vocabulary) {
    TokenTrie pieces = new TokenTrie(file.vocabulary.size());
    file.vocabulary.forEach(pieces::add);
    double[] scores = file.scores.stream().mapToDouble(Double::doubleValue).toArray();
    if (file.vocabulary.values().stream().anyMatch(id -> id >= scores.length)) {
      throw c.wrong("vocab", null, "pairs of a token and its score");
    }
    double worst = Double.MAX_VALUE;
    for (double score : scores) {
      worst = Math.min(worst, score);
    }
    int unknown = c.number("unk_id", -1);
    if (unknown >= scores.length) {
      throw c.wrong("unk_id", c.node().get("unk_id"), "the id of a token");
    }
    return new UnigramEncoder(
        pieces, scores, worst, unknown, c.flag("byte_fallback", false), vocabulary);
  }

  private WordEncoder wordLevel() {
    int unknown = unknown(true);
    return (word, out) -> {
      Integer id = file.vocabulary.get(word);
      if (id != null) {
        out.add(id);
      } else if (unknown >= 0) {
        out.add(unknown);
      }
    };
  }

  private int unknown(boolean required) {
    String token = c.string("unk_token", "");
    Integer id = file.vocabulary.get(token);
    if (id == null && (required || !token.isEmpty())) {
      throw new TokenizerException(
          Fault.of("the unknown token is not in the vocabulary")
              .got(token.isEmpty() ? "none" : token)
              .where("model.unk_token"));
    }
    return id == null ? -1 : id;
  }

  private String wordPrefix() {
    return c.string("continuing_subword_prefix", "");
  }

  private String wordSuffix() {
    return c.string("end_of_word_suffix", "");
  }
}
