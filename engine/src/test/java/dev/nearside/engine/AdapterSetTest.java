package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.NearsideException;
import dev.nearside.chat.AdapterUse;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Adapters by request, on a tiny model: each reply is as if nobody else were there. */
@Timeout(120)
class AdapterSetTest {
  private static final Path GOLDEN = Path.of("..", "model", "src", "test", "resources", "golden");
  private static final String PROMPT = "the people of the time like it and take the other way.";

  private static final List<List<AdapterUse>> USES =
      List.of(
          List.of(),
          List.of(new AdapterUse("whole", 1)),
          List.of(new AdapterUse("whole", 0.5f)),
          List.of(new AdapterUse("narrow", 2), new AdapterUse("whole", -0.5f)));

  private static EngineOptions options(AdapterFile... files) {
    return EngineOptions.DEFAULTS.withKernels("scalar").withAdapters(List.of(files));
  }

  private static AdapterFile file(String name, float scale) {
    return new AdapterFile(name, GOLDEN.resolve("adapters").resolve(name + ".gguf"), scale);
  }

  private static LocalEngine open(EngineOptions options) {
    return LocalEngine.open(GOLDEN.resolve("llama/llama.gguf"), options);
  }

  private static String reply(LocalEngine engine, List<AdapterUse> uses)
      throws InterruptedException {
    StringBuilder out = new StringBuilder();
    Limits limits = new Limits(24, List.of());
    Generation generation =
        Generation.of(dev.nearside.chat.Sampling.GREEDY, limits).withAdapters(uses);
    engine.complete(
        new CompletionRequest(new Prompt.Text(PROMPT, false), generation),
        event -> {
          if (event instanceof ChatEvent.Text text) {
            out.append(text.text());
          }
        });
    return out.toString();
  }

  @Test
  void complete_manyAtOnceWithTheirOwnAdapters_eachIsAsAlone() throws Exception {
    List<String> alone = new ArrayList<>();
    for (List<AdapterUse> uses : USES) {
      try (LocalEngine engine = open(options(file("whole", 0), file("narrow", 0)))) {
        alone.add(reply(engine, uses));
      }
    }
    assertNotEquals(alone.get(0), alone.get(1), "adapters change replies");
    assertNotEquals(alone.get(1), alone.get(2), "and so do scales");
    try (LocalEngine engine = open(options(file("whole", 0), file("narrow", 0)));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> replies = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        List<AdapterUse> uses = USES.get(i % USES.size());
        replies.add(callers.submit(() -> reply(engine, uses)));
      }
      for (int i = 0; i < replies.size(); i++) {
        assertEquals(alone.get(i % alone.size()), replies.get(i).get(), "reply " + i);
      }
      // What is in the cache by now was computed with other adapters, too.
      for (int i = 0; i < alone.size(); i++) {
        assertEquals(alone.get(i), reply(engine, USES.get(i)), "again " + i);
      }
    }
  }

  @Test
  void complete_usualAdapter_worksWhereNoneIsNamed() throws Exception {
    String named;
    try (LocalEngine engine = open(options(file("whole", 0)))) {
      named = reply(engine, List.of(new AdapterUse("whole", 0.5f)));
    }
    try (LocalEngine engine = open(options(file("whole", 0.5f)))) {
      assertEquals(named, reply(engine, List.of()));
    }
  }

  /** A model's own adapter is as if every request named it first. */
  @Test
  void complete_adapterOfTheModel_worksInEveryRequest_beneathThoseThatAreNamed() throws Exception {
    AdapterFile own = AdapterFile.ofModel(file("narrow", 0).path());
    AdapterUse narrow = new AdapterUse("narrow", 1);
    AdapterUse whole = new AdapterUse("whole", 0.5f);
    String alone;
    String both;
    try (LocalEngine engine = open(options(file("whole", 0), file("narrow", 0)))) {
      alone = reply(engine, List.of(narrow));
      both = reply(engine, List.of(narrow, whole));
      assertNotEquals(alone, both);
    }
    try (LocalEngine engine = open(options(file("whole", 0), own))) {
      assertEquals(alone, reply(engine, List.of()));
      assertEquals(both, reply(engine, List.of(whole)));
      assertThrows(
          ChatException.class,
          () -> reply(engine, List.of(new AdapterUse(own.name(), 1))),
          "no request turns it off or up");
    }
    try (LocalEngine engine = open(options(file("whole", 0.5f), own))) {
      assertEquals(both, reply(engine, List.of()));
    }
    AdapterFile others = AdapterFile.ofModel(file("fused", 0).path());
    assertThrows(NearsideException.class, () -> open(options(others)), "told at once");
  }

  @Test
  void complete_adapterNamedTwice_isRefused() {
    AdapterUse use = new AdapterUse("whole", 1);
    try (LocalEngine engine = open(options(file("whole", 0)))) {
      assertThrows(ChatException.class, () -> reply(engine, Collections.nCopies(1000, use)));
    }
  }

  @Test
  void check_adapters_tellsWhatLoadingWould() {
    Path model = GOLDEN.resolve("llama/llama.gguf");
    for (String name : List.of("whole", "narrow", "wide")) {
      AdapterInspection.check(file(name, 0).path(), model);
    }
    AdapterInspection.check(file("fused", 0).path(), GOLDEN.resolve("phi3/phi3.gguf"));
    AdapterInspection.check(file("fused", 0).path(), null);
    assertThrows(
        NearsideException.class, () -> AdapterInspection.check(file("fused", 0).path(), model));
    assertThrows(NearsideException.class, () -> AdapterInspection.check(model, model));
    assertThrows(ChatException.class, () -> AdapterInspection.check(GOLDEN, model));
    Path encoder = GOLDEN.resolve("encoders/bert");
    assertThrows(
        ChatException.class, () -> AdapterInspection.check(file("whole", 0).path(), encoder));
  }

  @Test
  void complete_unknownAdapterOrScale_isRefusedByName() throws Exception {
    try (LocalEngine engine = open(options(file("whole", 0)))) {
      NearsideException e =
          assertThrows(
              ChatException.class, () -> reply(engine, List.of(new AdapterUse("none", 1))));
      assertTrue(e.toString().contains("whole"), e.toString());
      assertThrows(
          ChatException.class, () -> reply(engine, List.of(new AdapterUse("whole", Float.NaN))));
      assertTrue(!reply(engine, List.of()).isEmpty(), "the engine goes on");
    }
  }

  @Test
  void open_usualAdapterOfAnotherModelOrTwice_failsAtOnce() {
    assertThrows(NearsideException.class, () -> open(options(file("fused", 1))));
    assertThrows(ChatException.class, () -> open(options(file("whole", 1), file("whole", 2))));
    assertThrows(
        NearsideException.class,
        () -> open(options(new AdapterFile("gone", GOLDEN.resolve("gone.gguf"), 1))));
  }

  /** An adapter that is broken is its request's error, and of nobody else. */
  @Test
  void complete_brokenAdapter_failsItsRequestAlone() throws Exception {
    try (LocalEngine engine = open(options(file("fused", 0)))) {
      assertThrows(
          NearsideException.class, () -> reply(engine, List.of(new AdapterUse("fused", 1))));
      assertTrue(!reply(engine, List.of()).isEmpty());
    }
  }
}
