package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.VocabularyFlag;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A pre-tokeniser that GGUF's {@code tokenizer.ggml.pre} names, with what follows from the name.
 *
 * @param names the values of the key
 * @param splitter how the text is cut before merging
 * @param wholeWords whether a piece that is a token is taken whole
 * @param characters whether merges go over characters, with spaces as U+2581, instead of bytes
 * @param on flags that are on unless the file says otherwise
 */
public record PreFamily(
    List<String> names,
    Supplier<Splitter> splitter,
    boolean wholeWords,
    boolean characters,
    Set<VocabularyFlag> on) {

  static PreFamily of(Supplier<Splitter> splitter, String... names) {
    return new PreFamily(List.of(names), splitter, false, false, Set.of());
  }

  PreFamily withWholeWords() {
    return new PreFamily(names, splitter, true, characters, on);
  }

  PreFamily withCharacters() {
    return new PreFamily(names, splitter, wholeWords, true, on);
  }

  PreFamily withOn(VocabularyFlag... flags) {
    return new PreFamily(names, splitter, wholeWords, characters, Set.of(flags));
  }
}
