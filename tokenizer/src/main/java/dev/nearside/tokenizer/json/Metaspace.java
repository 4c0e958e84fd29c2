package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.pre.CharSplitter;
import dev.nearside.tokenizer.pre.SplitBehavior;
import java.util.ArrayList;
import java.util.List;

/** SentencePiece's spaces: written as a visible character, one in front, words begin with it. */
final class Metaspace implements PreTokenizer {
  private final String mark;
  private final String scheme;
  private final boolean split;
  private final CharSplitter splitter;

  Metaspace(Component c) {
    mark = mark(c);
    scheme = scheme(c);
    split = c.flag("split", true);
    int wanted = mark.codePointAt(0);
    splitter = new CharSplitter(each -> each == wanted, SplitBehavior.MERGED_WITH_NEXT);
  }

  static String mark(Component c) {
    String mark = c.string("replacement", "▁");
    if (mark.codePointCount(0, mark.length()) != 1) {
      throw c.wrong("replacement", c.node().get("replacement"), "one character");
    }
    return mark;
  }

  /** {@code always}, {@code first} or {@code never}; older files have a flag instead. */
  static String scheme(Component c) {
    String given = c.string("prepend_scheme", "");
    return switch (given) {
      case "" -> c.flag("add_prefix_space", true) ? "always" : "never";
      case "always", "first", "never" -> given;
      default ->
          throw c.wrong("prepend_scheme", c.node().get("prepend_scheme"), "always, first or never");
    };
  }

  @Override
  public List<String> apply(List<String> pieces, boolean atStart) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      String piece = pieces.get(i).replace(" ", mark);
      boolean prepend = scheme.equals("always") || (scheme.equals("first") && atStart && i == 0);
      if (prepend && !piece.startsWith(mark)) {
        piece = mark + piece;
      }
      if (split) {
        splitter.split(piece, out);
      } else {
        out.add(piece);
      }
    }
    return out;
  }
}
