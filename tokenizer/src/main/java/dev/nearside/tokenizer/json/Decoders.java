package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.core.ComposedTokenizer;
import dev.nearside.tokenizer.core.Renderer;
import dev.nearside.tokenizer.core.Renderer.Trim;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.text.ByteAlphabet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoders of {@code tokenizer.json}, one case per type. All of them work token by token, so
 * that a stream decodes as the whole text does.
 */
final class Decoders {
  private final List<Step> steps = new ArrayList<>();
  private Trim start = Trim.NOTHING;
  private Trim end = Trim.NOTHING;
  private boolean fused;

  private Decoders() {}

  /** A step: the token's text or, once it is known, its bytes. */
  private interface Step {
    Part apply(Part part, boolean first);
  }

  private record Part(String text, byte @Nullable [] bytes) {
    byte[] toBytes() {
      return bytes != null ? bytes : ComposedTokenizer.utf8(text);
    }
  }

  /** A step that changes only text. */
  private interface TextStep {
    String apply(String text, boolean first);
  }

  static Renderer of(@Nullable Component c, Vocabulary vocabulary) {
    Decoders decoders = new Decoders();
    if (c == null) {
      // Without a decoder Hugging Face's library puts spaces between tokens.
      decoders.text((text, first) -> first ? text : " " + text);
    } else {
      decoders.add(c);
    }
    List<Step> steps = List.copyOf(decoders.steps);
    Renderer.TokenBytes bytes =
        (id, first) -> {
          Part part = new Part(vocabulary.text(id), null);
          for (Step step : steps) {
            part = step.apply(part, first);
          }
          return part.toBytes();
        };
    return new Renderer(bytes, decoders.start, decoders.end);
  }

  private void add(Component c) {
    switch (c.type()) {
      case "Sequence" -> c.children("decoders").forEach(this::add);
      case "ByteLevel" ->
          steps.add((part, first) ->
              part.bytes() != null
                  ? part
                  : new Part(part.text(), ByteAlphabet.decode(part.text())));
      case "ByteFallback" -> steps.add((part, first) -> byteFallback(part));
      case "Fuse" -> fused = true;
      case "Replace" -> {
        Regex pattern = c.pattern();
        String content = c.string("content", "");
        text((text, first) -> pattern.replaceAll(text, content));
      }
      case "Strip" -> strip(c);
      case "Metaspace" -> metaspace(c);
      case "WordPiece" -> wordPiece(c.string("prefix", "##"), c.flag("cleanup", true));
      case "BPEDecoder" -> {
        String suffix = c.string("suffix", "</w>");
        text((text, first) -> text.replace(suffix, " "));
        end = new Trim(' ', 1);
      }
      default -> throw c.unknownType();
    }
  }

  private void text(TextStep step) {
    steps.add((part, first) ->
        part.bytes() != null ? part : new Part(step.apply(part.text(), first), null));
  }

  private static Part byteFallback(Part part) {
    int b = part.bytes() == null ? Vocabulary.byteOf(part.text()) : -1;
    return b < 0 ? part : new Part(part.text(), new byte[] {(byte) b});
  }

  /** After Fuse the text as a whole is stripped, before it every token. */
  private void strip(Component c) {
    String content = c.string("content", " ");
    if (content.length() != 1 || content.charAt(0) >= 0x80) {
      throw new TokenizerException(
          Fault.of("unsupported decoder in tokenizer.json")
              .got("Strip of '" + content + "'")
              .expected("one ASCII character")
              .where(c.where()));
    }
    char wanted = content.charAt(0);
    int left = Math.max(0, c.number("start", 0));
    int right = Math.max(0, c.number("stop", 0));
    if (fused) {
      start = new Trim(wanted, left);
      end = new Trim(wanted, right);
    } else {
      text((text, first) -> stripped(text, wanted, left, right));
    }
  }

  private static String stripped(String text, char wanted, int left, int right) {
    int from = 0;
    int to = text.length();
    while (from < to && from < left && text.charAt(from) == wanted) {
      from++;
    }
    while (to > from && text.length() - to < right && text.charAt(to - 1) == wanted) {
      to--;
    }
    return text.substring(from, to);
  }

  private void metaspace(Component c) {
    String mark = Metaspace.mark(c);
    boolean prefixed = !Metaspace.scheme(c).equals("never");
    text((text, first) -> text.replace(mark, first && prefixed ? "" : " "));
  }

  private void wordPiece(String prefix, boolean cleanup) {
    text((text, first) -> {
      String out = text;
      if (!first) {
        out = text.startsWith(prefix) ? text.substring(prefix.length()) : " " + text;
      }
      return cleanup ? cleanedUp(out) : out;
    });
  }

  /** English punctuation closed up, as Hugging Face's WordPiece decoder does per token. */
  private static String cleanedUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }
}
