package dev.nearside.tokenizer.gguf;

import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.VocabularyFlag;
import dev.nearside.tokenizer.core.ComposedTokenizer;
import dev.nearside.tokenizer.core.Renderer;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.rwkv.RwkvEncoder;
import dev.nearside.tokenizer.text.ByteAlphabet;

/** How the tokens of each kind of vocabulary become text again. */
final class Renderers {
  private Renderers() {}

  static Renderer of(ModelKind kind, Vocabulary vocabulary) {
    return switch (kind.model()) {
      case BYTE_BPE -> Renderer.of((id, first) -> standIns(vocabulary, id));
      case SENTENCEPIECE, UNIGRAM, CHARACTER_BPE, WHITESPACE_BPE, WORDPIECE ->
          new Renderer(
              (id, first) -> escaped(vocabulary, id), startTrim(kind), Renderer.Trim.NOTHING);
      case RWKV -> Renderer.of((id, first) -> RwkvEncoder.bytes(vocabulary.text(id)));
    };
  }

  /** The space that encoding put before the first word. */
  private static Renderer.Trim startTrim(ModelKind kind) {
    boolean prefixed =
        kind.flag(VocabularyFlag.ADD_SPACE_PREFIX) || kind.model() == ModelKind.Model.WORDPIECE;
    return prefixed ? new Renderer.Trim(' ', 1) : Renderer.Trim.NOTHING;
  }

  private static byte[] standIns(Vocabulary vocabulary, int id) {
    String text = vocabulary.text(id);
    if (vocabulary.kind(id) == TokenKind.USER_DEFINED || vocabulary.kind(id).isHidden()) {
      return ComposedTokenizer.utf8(text);
    }
    byte[] bytes = ByteAlphabet.decode(text);
    return bytes == null ? ComposedTokenizer.utf8(text) : bytes;
  }

  private static byte[] escaped(Vocabulary vocabulary, int id) {
    String text = vocabulary.text(id);
    return switch (vocabulary.kind(id)) {
      case BYTE -> {
        int b = Vocabulary.byteOf(text);
        yield b < 0 ? ComposedTokenizer.utf8(text) : new byte[] {(byte) b};
      }
      case NORMAL -> ComposedTokenizer.utf8(text.replace('▁', ' '));
      case USER_DEFINED, UNKNOWN, CONTROL, UNUSED -> ComposedTokenizer.utf8(text);
    };
  }
}
