package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.NearsideException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.RerankRequest;
import dev.nearside.model.Pooling;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embedding and reranking over the tiny golden encoders of the model floor. */
class LocalEncoderTest {
  private static final Path GOLDEN = Path.of("../model/src/test/resources/golden/encoders");
  private static final EngineOptions OPTIONS = EngineOptions.DEFAULTS.withKernels("scalar");

  private @TempDir Path temp;

  private static LocalEncoder open(String name) {
    return LocalEncoder.open(GOLDEN.resolve(name), OPTIONS);
  }

  private static LocalEncoder gguf(String name) {
    return LocalEncoder.open(GOLDEN.resolve(name).resolve(name + ".gguf"), OPTIONS);
  }

  private static EmbeddingRequest request(List<String> texts) {
    return EmbeddingRequest.of(texts.toArray(String[]::new));
  }

  @Test
  void embed_manyTexts_givesTheBitsOfEachAlone() throws Exception {
    List<String> texts =
        IntStream.range(0, 40).mapToObj(i -> "the cat sat ".repeat(i % 7) + "a dog " + i).toList();
    try (LocalEncoder encoder = open("bert")) {
      List<float[]> together = encoder.embed(request(texts)).vectors();
      assertEquals(40, together.size());
      for (int i = 0; i < texts.size(); i++) {
        float[] alone = encoder.embed(EmbeddingRequest.of(texts.get(i))).vectors().getFirst();
        assertArrayEquals(alone, together.get(i), 0f, "text " + i);
        assertEquals(1, length(alone), 1e-6);
      }
    }
  }

  @Test
  void embed_manyCallers_getTheirOwn() throws Exception {
    try (LocalEncoder encoder = open("nomic");
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Embeddings>> futures = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        EmbeddingRequest request = EmbeddingRequest.of("cat " + i, "a good day");
        futures.add(callers.submit(() -> encoder.embed(request)));
      }
      float[] shared = encoder.embed(EmbeddingRequest.of("a good day")).vectors().getFirst();
      for (int i = 0; i < 30; i++) {
        List<float[]> got = futures.get(i).get().vectors();
        assertArrayEquals(shared, got.get(1), 0f);
        assertArrayEquals(
            encoder.embed(EmbeddingRequest.of("cat " + i)).vectors().getFirst(), got.get(0), 0f);
      }
    }
  }

  @Test
  void embed_ggufAndFolder_giveTheSameBits() throws Exception {
    String text = "The cat's DAY, 你好 playing!";
    for (String name : List.of("bert", "nomic")) {
      try (LocalEncoder folder = open(name);
          LocalEncoder file =
              LocalEncoder.open(
                  GOLDEN.resolve(name).resolve(name + ".gguf"), OPTIONS, Pooling.MEAN)) {
        assertEquals(Pooling.MEAN, folder.pooling(), name);
        Embeddings a = folder.embed(EmbeddingRequest.of(text));
        Embeddings b = file.embed(EmbeddingRequest.of(text));
        assertEquals(a.usage(), b.usage());
        assertArrayEquals(a.vectors().getFirst(), b.vectors().getFirst(), 0f, name);
      }
    }
  }

  @Test
  void embed_poolings_differAndFollowTheFolder() throws Exception {
    try (LocalEncoder mean = open("bert");
        LocalEncoder cls = LocalEncoder.open(GOLDEN.resolve("bert"), OPTIONS, Pooling.CLS);
        LocalEncoder last = LocalEncoder.open(GOLDEN.resolve("bert"), OPTIONS, Pooling.LAST);
        LocalEncoder none = LocalEncoder.open(GOLDEN.resolve("bert"), OPTIONS, Pooling.NONE);
        LocalEncoder distil = open("distilbert")) {
      assertEquals(Pooling.CLS, distil.pooling(), "1_Pooling/config.json says so");
      EmbeddingRequest request = EmbeddingRequest.of("the cat");
      Embeddings rows = none.embed(request);
      assertEquals(4 * 32, rows.vectors().getFirst().length, "[CLS] the cat [SEP]");
      assertEquals(32, rows.dimensions());
      float[] all = rows.vectors().getFirst();
      assertArrayEquals(Arrays.copyOf(all, 32), cls.embed(request).vectors().getFirst(), 0f);
      assertArrayEquals(
          Arrays.copyOfRange(all, 96, 128), last.embed(request).vectors().getFirst(), 0f);
      assertTrue(distance(mean.embed(request), cls.embed(request)) > 1e-2);
    }
  }

  @Test
  void embed_dimensions_cutsAndNormalisesAnew() throws Exception {
    try (LocalEncoder encoder = open("bert")) {
      List<EmbeddingInput> input = List.of(new EmbeddingInput.Text("the cat"));
      float[] raw =
          encoder.embed(new EmbeddingRequest(input, "", false, 0, false)).vectors().getFirst();
      float[] cut =
          encoder.embed(new EmbeddingRequest(input, "", true, 8, false)).vectors().getFirst();
      assertEquals(8, cut.length);
      assertEquals(1, length(cut), 1e-6);
      assertEquals(raw[0] / raw[3], cut[0] / cut[3], 1e-4);
      assertTrue(Math.abs(length(raw) - 1) > 0.01, "not normalised");
      EmbeddingRequest tooMany = new EmbeddingRequest(input, "", true, 33, false);
      assertThrows(ChatException.class, () -> encoder.embed(tooMany));
    }
  }

  @Test
  void embed_prefixAndTokens_areTheSameAsTheirText() throws Exception {
    try (LocalEncoder encoder = open("bert")) {
      float[] whole = encoder.embed(EmbeddingRequest.of("the cat")).vectors().getFirst();
      List<EmbeddingInput> text = List.of(new EmbeddingInput.Text("cat"));
      assertArrayEquals(
          whole,
          encoder.embed(new EmbeddingRequest(text, "the ", true, 0, false)).vectors().getFirst(),
          0f);
      int the = encoder.tokenizer().id("▁the").orElseGet(() -> id(encoder, "the"));
      int[] ids = {2, the, id(encoder, "cat"), 3};
      List<EmbeddingInput> tokens = List.of(new EmbeddingInput.Tokens(ids));
      assertArrayEquals(
          whole,
          encoder.embed(new EmbeddingRequest(tokens, "", true, 0, false)).vectors().getFirst(),
          0f);
    }
  }

  private static int id(LocalEncoder encoder, String token) {
    return encoder.tokenizer().id(token).orElseThrow();
  }

  @Test
  void embed_controlTokenInText_isPlainText() throws Exception {
    try (LocalEncoder encoder = open("bert")) {
      int plain = encoder.embed(EmbeddingRequest.of("cat")).usage().promptTokens();
      int written = encoder.embed(EmbeddingRequest.of("cat [SEP]")).usage().promptTokens();
      assertTrue(written > plain + 1, "the name of a token is several tokens: " + written);
    }
  }

  @Test
  void embed_tooLong_saysBothCounts_orIsCut() throws Exception {
    String text = "the cat ".repeat(60);
    try (LocalEncoder encoder = open("bert")) {
      ContextOverflowException e =
          assertThrows(
              ContextOverflowException.class, () -> encoder.embed(EmbeddingRequest.of("a", text)));
      assertEquals(122, e.promptTokens());
      assertEquals(96, e.contextLength());
      assertTrue(e.fault().message().contains("input 2"), e.fault().message());
      List<EmbeddingInput> input = List.of(new EmbeddingInput.Text(text));
      Embeddings cut = encoder.embed(new EmbeddingRequest(input, "", true, 0, true));
      assertEquals(96, cut.usage().promptTokens());
      String fits = "the cat ".repeat(47);
      assertArrayEquals(
          encoder.embed(EmbeddingRequest.of(fits)).vectors().getFirst(),
          cut.vectors().getFirst(),
          0f,
          "the frame stays around what is left");
    }
  }

  @Test
  void embed_tokensOutOfRange_isAnErrorOfThatInputAlone() throws Exception {
    try (LocalEncoder encoder = open("bert");
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<EmbeddingInput> bad = List.of(new EmbeddingInput.Tokens(new int[] {2, 128, 3}));
      List<EmbeddingInput> empty = List.of(new EmbeddingInput.Tokens(new int[0]));
      Future<Embeddings> good =
          callers.submit(() -> encoder.embed(request(List.of("cat", "dog", "a good day"))));
      assertThrows(
          ChatException.class, () -> encoder.embed(new EmbeddingRequest(bad, "", true, 0, false)));
      assertThrows(
          ChatException.class,
          () -> encoder.embed(new EmbeddingRequest(empty, "", true, 0, false)));
      assertEquals(3, good.get().vectors().size());
    }
  }

  @Test
  void embed_interrupted_stopsWaiting() throws Exception {
    try (LocalEncoder encoder = open("bert")) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> encoder.embed(EmbeddingRequest.of("the cat")));
      assertFalse(Thread.interrupted());
      assertEquals(1, encoder.embed(EmbeddingRequest.of("the cat")).vectors().size());
    }
  }

  @Test
  void embed_afterClose_fails() throws Exception {
    LocalEncoder encoder = open("bert");
    encoder.close();
    assertThrows(ChatException.class, () -> encoder.embed(EmbeddingRequest.of("the cat")));
  }

  @Test
  void rerank_classifiers_scoreEachDocumentByItself() throws Exception {
    for (String name : List.of("xlmr-rank", "bert-rank", "modernbert-rank")) {
      try (LocalEncoder encoder = open(name)) {
        assertEquals(Pooling.RANK, encoder.pooling(), name);
        assertTrue(encoder.canRerank());
        RerankRequest request =
            new RerankRequest("the cat", List.of("a dog", "sun and moon", "bad day"), true, false);
        float[] raw = encoder.rerank(request).scores();
        float[] mapped =
            encoder
                .rerank(RerankRequest.of("the cat", "a dog", "sun and moon", "bad day"))
                .scores();
        for (int i = 0; i < raw.length; i++) {
          RerankRequest one =
              new RerankRequest("the cat", List.of(request.documents().get(i)), true, false);
          assertEquals(encoder.rerank(one).scores()[0], raw[i], 0f, name);
          assertEquals(1 / (1 + Math.exp(-raw[i])), mapped[i], 1e-6);
        }
        assertTrue(raw[0] != raw[1] && raw[1] != raw[2], name);
        assertThrows(ChatException.class, () -> encoder.embed(EmbeddingRequest.of("a")));
      }
    }
  }

  @Test
  void rerank_pairs_areFramedAsTheVocabularyAsks() throws Exception {
    try (LocalEncoder bert = open("bert-rank");
        LocalEncoder roberta = open("xlmr-rank");
        LocalEncoder file = gguf("xlmr-rank")) {
      RerankRequest request = RerankRequest.of("cat", "dog");
      assertEquals(5, bert.rerank(request).usage().promptTokens(), "[CLS] cat [SEP] dog [SEP]");
      assertEquals(6, roberta.rerank(request).usage().promptTokens(), "<s> cat</s></s> dog</s>");
      assertArrayEquals(
          roberta.rerank(request).scores(), file.rerank(request).scores(), 0f, "from GGUF");
    }
  }

  @Test
  void rerank_withoutHead_fails_andTooLongSaysWhich() throws Exception {
    try (LocalEncoder bert = open("bert");
        LocalEncoder ranker = open("bert-rank")) {
      assertFalse(bert.canRerank());
      assertThrows(ChatException.class, () -> bert.rerank(RerankRequest.of("a", "b")));
      String text = "the cat ".repeat(60);
      ContextOverflowException e =
          assertThrows(
              ContextOverflowException.class,
              () -> ranker.rerank(RerankRequest.of("the cat", "dog", text)));
      assertTrue(e.fault().message().contains("document 2"), e.fault().message());
      RerankRequest cut = new RerankRequest("the cat", List.of(text), false, true);
      assertEquals(96, ranker.rerank(cut).usage().promptTokens());
      RerankRequest longQuery = new RerankRequest(text, List.of("dog"), false, true);
      assertThrows(ContextOverflowException.class, () -> ranker.rerank(longQuery));
    }
  }

  @Test
  void embed_decoder_readsItsLastStates() throws Exception {
    Path model = temp.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
    EngineOptions small = OPTIONS.withContextLength(128);
    try (LocalEncoder mean = LocalEncoder.open(model, small);
        LocalEncoder last = LocalEncoder.open(model, small, Pooling.LAST)) {
      assertFalse(mean.info().isEncoderOnly());
      assertEquals(128, mean.contextLength());
      List<String> texts = List.of("ab", "abcdefgh".repeat(12), "b");
      List<float[]> together = mean.embed(request(texts)).vectors();
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(
            mean.embed(EmbeddingRequest.of(texts.get(i))).vectors().getFirst(),
            together.get(i),
            0f);
      }
      EmbeddingRequest one = EmbeddingRequest.of("abc");
      assertTrue(distance(mean.embed(one), last.embed(one)) > 1e-3);
    }
  }

  @Test
  void inspection_tellsEncodersFromOthers() {
    ModelInspection bert = ModelInspection.of(GOLDEN.resolve("bert"));
    assertFalse(bert.canGenerate());
    assertEquals(List.of(ModelInspection.EMBEDDING), bert.abilities());
    ModelInspection ranker = ModelInspection.of(GOLDEN.resolve("xlmr-rank/xlmr-rank.gguf"));
    assertEquals(List.of(ModelInspection.RERANK), ranker.abilities());
    Path model = temp.resolve("llama.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
    assertTrue(ModelInspection.of(model).canGenerate());
    NearsideException e =
        assertThrows(
            NearsideException.class, () -> LocalEngine.open(GOLDEN.resolve("bert"), OPTIONS));
    assertTrue(e.fault().message().contains("encoder"), e.fault().message());
  }

  private static double length(float[] v) {
    double sum = 0;
    for (float x : v) {
      sum += (double) x * x;
    }
    return Math.sqrt(sum);
  }

  private static double distance(Embeddings a, Embeddings b) {
    float[] x = a.vectors().getFirst().clone();
    float[] y = b.vectors().getFirst();
    for (int i = 0; i < x.length; i++) {
      x[i] -= y[i];
    }
    return length(x);
  }
}
