package dev.nearside.tokenizer.core;

import dev.nearside.tokenizer.DecodeOptions;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.IncrementalDecoder;
import dev.nearside.tokenizer.SpecialTokens;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.Unicode;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A tokenizer put together from its parts: find the special tokens, encode what is between them,
 * add the frame; render the way back.
 */
public record ComposedTokenizer(
    Vocabulary vocabulary,
    SpecialSplitter splitter,
    FragmentEncoder encoder,
    Frame frame,
    Renderer renderer,
    SpecialTokens specials)
    implements Tokenizer {

  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String text, EncodeOptions options) {
    String wellFormed = Unicode.wellFormed(text);
    IntList out = new IntList(wellFormed.length() / 3 + 8);
    if (options.addSpecial()) {
      out.addAll(frame.prefix());
    }
    splitter.split(
        wellFormed,
        options.parseSpecial(),
        new SpecialSplitter.Sink() {
          @Override
          public void token(int id) {
            out.add(id);
          }

          @Override
          public void text(String whole, int start, int end) {
            encoder.encode(whole.substring(start, end), start == 0, options.parseSpecial(), out);
          }
        });
    if (options.addSpecial()) {
      out.addAll(frame.suffix());
    }
    return out.toArray();
  }

  @Override
  public String decode(int[] ids, DecodeOptions options) {
    StringBuilder out = new StringBuilder(ids.length * 4);
    IncrementalDecoder decoder = newDecoder(options);
    for (int id : ids) {
      out.append(decoder.accept(id));
    }
    return out.append(decoder.finish()).toString();
  }

  @Override
  public byte[] tokenBytes(int id) {
    return vocabulary.kind(id).isHidden() ? new byte[0] : renderer.bytes().of(id, false).clone();
  }

  @Override
  public String tokenText(int id) {
    return vocabulary.text(id);
  }

  @Override
  public TokenKind kind(int id) {
    return vocabulary.kind(id);
  }

  @Override
  public OptionalInt id(String tokenText) {
    Integer id = vocabulary.id(tokenText);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public IncrementalDecoder newDecoder(DecodeOptions options) {
    return new StreamDecoder(vocabulary, renderer, options);
  }

  /** A short description; the parts are too large to print. */
  @Override
  public String toString() {
    return "Tokenizer[" + vocabulary.size() + " tokens]";
  }

  /** The text of a token as bytes, for those that stand for themselves. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
