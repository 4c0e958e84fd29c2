package dev.nearside.tokenizer;

import dev.nearside.tokenizer.text.ByteAlphabet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small vocabularies and random texts for tests. */
final class Small {
  private Small() {}

  /** Byte-level BPE: the 256 bytes, a few merges, and control tokens at the end. */
  static TokenizerSpec byteLevel() {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.charOf(b)));
    }
    String[] merges = {"h e", "l l", "he ll", "hell o", "Ġ hello", "ä ¸", "ä¸ Ń", "Ġ Ġ", "ĠĠ ĠĠ"};
    for (String merge : merges) {
      tokens.add(merge.replace(" ", ""));
    }
    int plain = tokens.size();
    tokens.addAll(List.of("<|bos|>", "<|im_end|>", "<tool>"));
    int[] types = new int[tokens.size()];
    java.util.Arrays.fill(types, 1);
    types[plain] = 3;
    types[plain + 1] = 3;
    types[plain + 2] = 4;
    return TokenizerSpec.of("gpt2", tokens.toArray(String[]::new))
        .withPre("gpt-2")
        .withMerges(merges)
        .withTypes(types)
        .withId(SpecialRole.BOS, plain)
        .withId(SpecialRole.EOS, plain + 1);
  }

  /** SentencePiece BPE: byte tokens, ASCII letters, and a few pieces. */
  static TokenizerSpec sentencePiece() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add(String.format("<0x%02X>", b));
    }
    int firstPiece = tokens.size();
    tokens.add("▁");
    for (char c = 'a'; c <= 'z'; c++) {
      tokens.add(String.valueOf(c));
    }
    tokens.addAll(List.of("▁h", "el", "lo", "▁hel", "▁hello", "▁▁", "</s", "<s"));
    int[] types = new int[tokens.size()];
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < types.length; id++) {
      types[id] = id == 0 ? 2 : id < 3 ? 3 : id < firstPiece ? 6 : 1;
      scores[id] = id < firstPiece ? 0 : -id;
    }
    return TokenizerSpec.of("llama", tokens.toArray(String[]::new))
        .withTypes(types)
        .withScores(scores);
  }

  /** Random Unicode scalar values, half of them from the scripts that people use. */
  static String text(Random random, int maxLength) {
    int length = random.nextInt(maxLength + 1);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.appendCodePoint(scalar(random));
    }
    return out.toString();
  }

  private static int scalar(Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> 0x20 + random.nextInt(0x5F);
      case 3 -> " \n\t\r'".charAt(random.nextInt(5));
      case 4 -> 0x4E00 + random.nextInt(0x5200);
      case 5 -> 0x1F300 + random.nextInt(0x400);
      case 6 -> 0x300 + random.nextInt(0x70);
      default -> {
        int c = random.nextInt(0x110000 - 0x800);
        yield c < 0xD800 ? c : c + 0x800;
      }
    };
  }
}
