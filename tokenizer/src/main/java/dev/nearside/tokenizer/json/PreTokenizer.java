package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.pre.Splitter;
import java.util.ArrayList;
import java.util.List;

/** Cuts pieces into finer pieces, and may rewrite them. */
interface PreTokenizer {

  /**
   * @param pieces in order
   * @param atStart whether the first of them begins the whole text
   */
  List<String> apply(List<String> pieces, boolean atStart);

  static PreTokenizer of(Splitter splitter) {
    return (pieces, atStart) -> {
      List<String> out = new ArrayList<>(pieces.size() * 2);
      for (String piece : pieces) {
        splitter.split(piece, out);
      }
      return out;
    };
  }
}
