package dev.nearside.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Megabytes per second, not a test. Run with the vocabularies (.gguf, tokenizer.json) and the texts
 * as arguments: {@code java … dev.nearside.tokenizer.TokenizerBenchmark VOCABULARY… -- TEXT…}
 */
final class TokenizerBenchmark {
  private static final int ROUNDS = 8;

  private TokenizerBenchmark() {}

  public static void main(String[] args) throws IOException {
    List<String> all = List.of(args);
    int split = all.indexOf("--");
    for (String vocabulary : all.subList(0, split)) {
      long start = System.nanoTime();
      Tokenizer tokenizer = load(Path.of(vocabulary));
      System.out.printf(
          "%s: loaded in %d ms%n", vocabulary, (System.nanoTime() - start) / 1_000_000);
      for (String file : all.subList(split + 1, all.size())) {
        measure(tokenizer, Path.of(file));
      }
    }
  }

  private static void measure(Tokenizer tokenizer, Path file) throws IOException {
    String text = Files.readString(file);
    double bytes = Files.size(file);
    List<Double> encode = new ArrayList<>();
    List<Double> decode = new ArrayList<>();
    int[] ids = {};
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      ids = tokenizer.encode(text, EncodeOptions.TEXT);
      long middle = System.nanoTime();
      tokenizer.decode(ids);
      encode.add(bytes * 1000 / (middle - start));
      decode.add(bytes * 1000 / (System.nanoTime() - middle));
    }
    System.out.printf(
        "  %-26s %8d tokens  encode first %5.1f best %5.1f MB/s  decode %5.1f MB/s%n",
        file.getFileName(),
        ids.length,
        encode.getFirst(),
        encode.stream().mapToDouble(d -> d).max().orElseThrow(),
        decode.stream().mapToDouble(d -> d).max().orElseThrow());
  }

  private static Tokenizer load(Path file) {
    return file.toString().endsWith(".json")
        ? Tokenizers.ofTokenizerJson(file)
        : Tokenizers.of(TokenizerSpec.fromMetadata(GgufMetadata.read(file)));
  }
}
