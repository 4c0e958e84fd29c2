package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.SpecialTokens;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.core.AddedToken;
import dev.nearside.tokenizer.core.ComposedTokenizer;
import dev.nearside.tokenizer.core.FragmentEncoder;
import dev.nearside.tokenizer.core.Frame;
import dev.nearside.tokenizer.core.SpecialSplitter;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.gguf.SpecialTokenFinder;
import dev.nearside.tokenizer.text.Unicode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a tokenizer from a {@code tokenizer.json}. */
public final class JsonTokenizers {
  /** Ids may have holes, but not so many that the tables dwarf the file. */
  private static final int MAX_HOLES = 1 << 20;

  private final JsonFile file;
  private final ConfigFile config;
  private final List<JsonAddedToken> added;

  private JsonTokenizers(JsonFile file, ConfigFile config) {
    this.file = file;
    this.config = config;
    this.added = JsonAddedToken.read(file, config);
  }

  public static Tokenizer of(byte[] json, byte @Nullable [] config) {
    return new JsonTokenizers(JsonFile.read(json), ConfigFile.read(config)).build();
  }

  private Tokenizer build() {
    Models models = new Models(file);
    String[] texts = texts();
    TokenKind[] kinds = kinds(texts, models.hasByteTokens());
    Frame template =
        PostProcessors.of(
            Component.of(file.root.get("post_processor"), "post_processor"), texts.length);
    Map<SpecialRole, Integer> named = config.roles(file.vocabulary, added, template);
    SpecialTokenFinder finder =
        new SpecialTokenFinder(
                texts,
                kinds,
                named,
                id -> kinds[id] == TokenKind.CONTROL || kinds[id] == TokenKind.USER_DEFINED)
            .run();
    Vocabulary vocabulary = new Vocabulary(texts, kinds);
    Frame frame = config.frame(template, finder.roles());
    SpecialTokens specials =
        new SpecialTokens(
            finder.roles(),
            finder.endOfGeneration(),
            contains(frame.prefix(), finder.roles().get(SpecialRole.BOS)),
            contains(frame.suffix(), finder.roles().get(SpecialRole.EOS)),
            contains(frame.suffix(), finder.roles().get(SpecialRole.SEP)));
    Normalizer normalizer = Normalizers.of(Component.of(file.root.get("normalizer"), "normalizer"));
    return new ComposedTokenizer(
        vocabulary,
        new SpecialSplitter(
            added.stream().filter(t -> !t.normalized()).map(JsonAddedToken::token).toList()),
        encoder(models, vocabulary, normalizer),
        frame,
        Decoders.of(Component.of(file.root.get("decoder"), "decoder"), vocabulary),
        specials);
  }

  private FragmentEncoder encoder(Models models, Vocabulary vocabulary, Normalizer normalizer) {
    PreTokenizers.Steps steps =
        PreTokenizers.of(
            Component.of(file.root.get("pre_tokenizer"), "pre_tokenizer"), models.takesBytes());
    WordEncoder model = models.encoder(vocabulary, steps.endsInBytes() && models.takesBytes());
    List<AddedToken> normalized =
        added.stream()
            .filter(JsonAddedToken::normalized)
            .map(t -> t.token(normalizer.apply(t.token().text())))
            .filter(t -> !t.text().isEmpty())
            .toList();
    SpecialSplitter second = new SpecialSplitter(normalized);
    return (text, atStart, parseSpecial, out) ->
        second.split(
            normalizer.apply(text),
            parseSpecial,
            new SpecialSplitter.Sink() {
              @Override
              public void token(int id) {
                out.add(id);
              }

              @Override
              public void text(String whole, int start, int end) {
                String part = whole.substring(start, end);
                for (String word : steps.apply(part, atStart && start == 0)) {
                  model.encode(word, out);
                }
              }
            });
  }

  /** The texts by id; holes are empty. */
  private String[] texts() {
    int max = -1;
    for (int id : file.vocabulary.values()) {
      max = Math.max(max, id);
    }
    max = Math.max(max, file.scores.size() - 1);
    for (JsonAddedToken token : added) {
      max = Math.max(max, token.token().id());
    }
    long limit = 4L * (file.vocabulary.size() + added.size()) + MAX_HOLES;
    if (max < 0 || max >= limit) {
      throw new TokenizerException(
          Fault.of("impossible token ids")
              .got("up to " + max)
              .expected("less than " + limit)
              .where("tokenizer.json"));
    }
    String[] texts = new String[max + 1];
    Arrays.fill(texts, "");
    file.vocabulary.forEach((text, id) -> {
      if (id < 0) {
        throw new TokenizerException(Fault.of("impossible token ids").got(id).where("model.vocab"));
      }
      texts[id] = Unicode.wellFormed(text);
    });
    for (JsonAddedToken token : added) {
      texts[token.token().id()] = token.token().text();
    }
    return texts;
  }

  private TokenKind[] kinds(String[] texts, boolean byteTokens) {
    TokenKind[] kinds = new TokenKind[texts.length];
    for (int id = 0; id < texts.length; id++) {
      if (texts[id].isEmpty()) {
        kinds[id] = TokenKind.UNUSED;
      } else {
        boolean isByte = byteTokens && Vocabulary.byteOf(texts[id]) >= 0;
        kinds[id] = isByte ? TokenKind.BYTE : TokenKind.NORMAL;
      }
    }
    for (JsonAddedToken token : added) {
      kinds[token.token().id()] =
          token.token().special() ? TokenKind.CONTROL : TokenKind.USER_DEFINED;
    }
    return kinds;
  }

  private static boolean contains(int[] ids, @Nullable Integer wanted) {
    return wanted != null && Arrays.stream(ids).anyMatch(id -> id == wanted);
  }
}
