package dev.nearside.tokenizer.pre;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The regular expressions of the known pre-tokenisers, as in the models' own {@code
 * tokenizer.json}. All of them need linear time and a flat stack in java.util.regex.
 */
public final class Patterns {
  /** English contractions in any case; part of most expressions. */
  static final String CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";

  static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  static final String LLAMA3 = llama3Like("\\p{N}{1,3}");

  static final String QWEN2 = llama3Like("\\p{N}");

  static final String ANY_DIGITS = llama3Like("\\p{N}+");

  /** As Qwen2, with combining marks as parts of words. */
  static final String QWEN35 =
      CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  static final String SEED_CODER =
      CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+"
          + "|\\s+(?!\\S)|\\s+";

  /** o200k: words by case, with their contraction. */
  static final String GPT4O = o200kLike("\\p{N}{1,3}", CONTRACTIONS + "?", "[\\r\\n/]*");

  static final String TEKKEN = o200kLike("\\p{N}", "", "[\\r\\n/]*");

  static final String YOUTU = o200kLike("\\p{N}", CONTRACTIONS + "?", "[\\r\\n/]*");

  /** As o200k, with Chinese kept apart. */
  static final String KIMI_K2 =
      "\\p{IsHan}+|"
          + o200kLike("\\p{N}{1,3}", CONTRACTIONS + "?", "[\\r\\n]*")
              .replace("\\p{Lo}\\p{M}]", "\\p{Lo}\\p{M}&&[^\\p{IsHan}]]");

  static final String DEEPSEEK3 =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?"
          + "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Cased letters as DeepSeek LLM lists them, one Unicode version frozen. */
  static final String DEEPSEEK_LETTERS =
      "A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-"
          + "\\u0293\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386"
          + "\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F"
          + "\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-"
          + "\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D"
          + "\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D"
          + "\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3"
          + "\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-"
          + "\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D\\u212F-\\u2134"
          + "\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B\\u2C7E-"
          + "\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F"
          + "\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-"
          + "\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-"
          + "\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-"
          + "\\x{1E943}";

  private Patterns() {}

  /** Compiles with Unicode's meaning of {@code \s}, {@code \d}, {@code \w}, {@code \b}. */
  static Pattern compile(String regex) {
    return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Isolates the matches of each expression in turn. */
  static Splitter isolate(String... expressions) {
    List<Splitter> stages = new ArrayList<>();
    for (String expression : expressions) {
      stages.add(new RegexSplitter(compile(expression), SplitBehavior.ISOLATED, false, true));
    }
    return Splitter.chain(stages);
  }

  private static String llama3Like(String digits) {
    return CONTRACTIONS
        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + digits
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  private static String o200kLike(String digits, String contraction, String afterSymbols) {
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    return "[^\\r\\n\\p{L}\\p{N}]?"
        + (upper + "*" + lower + "+" + contraction)
        + "|[^\\r\\n\\p{L}\\p{N}]?"
        + (upper + "+" + lower + "*" + contraction)
        + ("|" + digits + "| ?[^\\s\\p{L}\\p{N}]+" + afterSymbols)
        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }
}
