package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.sentencepiece.CharsMap;
import dev.nearside.tokenizer.text.ByteAlphabet;
import dev.nearside.tokenizer.text.Unicode;
import dev.nearside.tokenizer.wordpiece.BertText;
import java.text.Normalizer.Form;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The normalizers of {@code tokenizer.json}, one case per type. */
final class Normalizers {
  private Normalizers() {}

  static Normalizer of(@Nullable Component c) {
    if (c == null) {
      return text -> text;
    }
    return switch (c.type()) {
      case "Sequence" -> sequence(c.children("normalizers"));
      case "NFC" -> text -> java.text.Normalizer.normalize(text, Form.NFC);
      case "NFD" -> text -> java.text.Normalizer.normalize(text, Form.NFD);
      case "NFKC" -> text -> java.text.Normalizer.normalize(text, Form.NFKC);
      case "NFKD" -> text -> java.text.Normalizer.normalize(text, Form.NFKD);
      case "Lowercase" -> Normalizers::lowercase;
      case "StripAccents" -> text -> without(text, Normalizers::isNonSpacingMark);
      case "Strip" -> strip(c.flag("strip_left", true), c.flag("strip_right", true));
      case "Replace" -> replace(c.pattern(), c.string("content", ""));
      case "Prepend" -> prepend(c.string("prepend", ""));
      case "Nmt" -> Normalizers::nmt;
      case "BertNormalizer" -> bert(c);
      case "Precompiled" -> precompiled(c);
      case "ByteLevel" -> ByteAlphabet::encode;
      default -> throw c.unknownType();
    };
  }

  private static Normalizer sequence(List<Component> parts) {
    List<Normalizer> all = parts.stream().map(Normalizers::of).toList();
    return text -> {
      String out = text;
      for (Normalizer each : all) {
        out = each.apply(out);
      }
      return out;
    };
  }

  /** Character by character: Rust's library knows no final sigma. */
  static String lowercase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        out.append((char) Character.toLowerCase(c));
      } else {
        out.append(Character.toString(c).toLowerCase(Locale.ROOT));
      }
    }
    return out.toString();
  }

  private static Normalizer strip(boolean left, boolean right) {
    return text -> {
      int start = 0;
      int end = text.length();
      while (left && start < end && Unicode.isWhitespace(text.charAt(start))) {
        start++;
      }
      while (right && end > start && Unicode.isWhitespace(text.charAt(end - 1))) {
        end--;
      }
      return text.substring(start, end);
    };
  }

  private static Normalizer replace(Regex pattern, String content) {
    return text -> pattern.replaceAll(text, content);
  }

  private static Normalizer prepend(String prefix) {
    return text -> text.isEmpty() ? text : prefix + text;
  }

  private static Normalizer bert(Component c) {
    boolean clean = c.flag("clean_text", true);
    boolean chinese = c.flag("handle_chinese_chars", true);
    boolean lowercase = c.flag("lowercase", true);
    boolean accents = c.flag("strip_accents", lowercase);
    return text -> {
      String out = clean ? clean(text) : text;
      out = chinese ? spaceChinese(out) : out;
      if (accents) {
        String decomposed = java.text.Normalizer.normalize(out, Form.NFD);
        out = without(decomposed, Normalizers::isNonSpacingMark);
      }
      return lowercase ? lowercase(out) : out;
    };
  }

  private static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0 && c != 0xFFFD && !BertText.isControl(c))
        .forEach(c -> out.appendCodePoint(Unicode.isWhitespace(c) ? ' ' : c));
    return out.toString();
  }

  private static String spaceChinese(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (BertText.isChinese(c)) {
            out.append(' ').appendCodePoint(c).append(' ');
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  /** The clean-up that neural machine translation uses, as SentencePiece defines it. */
  private static String nmt(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !isNmtControl(c))
        .map(Normalizers::nmtSpace)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isNmtControl(int c) {
    return (c >= 1 && c <= 8)
        || c == 0x0B
        || (c >= 0x0E && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  private static int nmtSpace(int c) {
    boolean space =
        c == 9
            || c == 10
            || c == 12
            || c == 13
            || c == 0x1680
            || (c >= 0x200B && c <= 0x200F)
            || c == 0x2028
            || c == 0x2029
            || c == 0x2581
            || c == 0xFEFF
            || c == 0xFFFD;
    return space ? ' ' : c;
  }

  private static Normalizer precompiled(Component c) {
    try {
      return new PrecompiledText(
          new CharsMap(Base64.getDecoder().decode(c.string("precompiled_charsmap", ""))));
    } catch (IllegalArgumentException e) {
      throw new TokenizerException(
          Fault.of("broken tokenizer.json")
              .got(String.valueOf(e.getMessage()))
              .expected("base64")
              .where(c.where() + ".precompiled_charsmap"),
          e);
    }
  }

  private static String without(String text, IntPredicate dropped) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().filter(dropped.negate()).forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isNonSpacingMark(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK;
  }
}
