package dev.nearside.tokenizer.pre;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into pieces. Pieces are never empty. Used by many threads at once. */
public interface Splitter {

  /** Appends the pieces of {@code text}, in order, to {@code out}. */
  void split(String text, List<String> out);

  /** Cuts with the first, then every piece with the second, and so on. */
  static Splitter chain(List<? extends Splitter> stages) {
    if (stages.size() == 1) {
      return stages.get(0);
    }
    List<Splitter> all = List.copyOf(stages);
    return (text, out) -> {
      List<String> pieces = List.of(text);
      for (Splitter stage : all) {
        List<String> finer = new ArrayList<>(pieces.size() * 2);
        for (String piece : pieces) {
          stage.split(piece, finer);
        }
        pieces = finer;
      }
      out.addAll(pieces);
    };
  }
}
