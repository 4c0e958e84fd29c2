package dev.nearside.tokenizer.core;

import dev.nearside.tokenizer.DecodeOptions;
import dev.nearside.tokenizer.IncrementalDecoder;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.text.Utf8Stream;

/** Renders tokens to bytes, bytes to characters, and trims both ends of the text. */
final class StreamDecoder implements IncrementalDecoder {
  private final Vocabulary vocabulary;
  private final Renderer renderer;
  private final DecodeOptions options;
  private final Utf8Stream utf8 = new Utf8Stream();

  /** Whether no visible token came yet. */
  private boolean first;

  private int leftToTrim;

  /** How many characters that may have to be trimmed off the end are held back. */
  private int heldBack;

  StreamDecoder(Vocabulary vocabulary, Renderer renderer, DecodeOptions options) {
    this.vocabulary = vocabulary;
    this.renderer = renderer;
    this.options = options;
    reset();
  }

  @Override
  public String accept(int id) {
    TokenKind kind = vocabulary.kind(id);
    if (kind == TokenKind.UNUSED || (kind.isHidden() && options.skipSpecial())) {
      return "";
    }
    byte[] bytes = renderer.bytes().of(id, first);
    first = false;
    return trim(utf8.accept(bytes));
  }

  @Override
  public String finish() {
    String rest = trim(utf8.finish());
    int kept = Math.max(0, heldBack - renderer.trimEnd().max());
    rest += String.valueOf(renderer.trimEnd().c()).repeat(kept);
    reset();
    return rest;
  }

  private void reset() {
    first = !options.continuation();
    leftToTrim = options.continuation() ? 0 : renderer.trimStart().max();
    heldBack = 0;
  }

  private String trim(String text) {
    String out = text;
    while (leftToTrim > 0 && !out.isEmpty()) {
      if (out.charAt(0) == renderer.trimStart().c()) {
        out = out.substring(1);
        leftToTrim--;
      } else {
        leftToTrim = 0;
      }
    }
    return renderer.trimEnd().max() == 0 ? out : holdBack(out);
  }

  /** Keeps the trimmable characters at the end until it is clear what follows them. */
  private String holdBack(String text) {
    char c = renderer.trimEnd().c();
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == c) {
      end--;
    }
    if (end == 0) {
      heldBack += text.length();
      return "";
    }
    String out = String.valueOf(c).repeat(heldBack) + text.substring(0, end);
    heldBack = text.length() - end;
    return out;
  }
}
