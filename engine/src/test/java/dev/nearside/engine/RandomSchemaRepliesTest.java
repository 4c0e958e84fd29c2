package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.SchemaException;
import dev.nearside.testkit.RandomSchemas;
import dev.nearside.testkit.SchemaJudge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * 200 random schemas through the real model, several at once: each reply has to satisfy its schema,
 * as another validator sees it, also where the limit of tokens ended it.
 */
@Tag("model")
class RandomSchemaRepliesTest {
  private static final String SHA256 =
      "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
  private static final int SCHEMAS = Integer.getInteger("nearside.schemas", 200);
  private static final int SLOTS = 8;
  private static final int MAX_TOKENS = 200;
  private static final double LEAST_STOPPED = 0.55;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** A schema that can be met, and what it was made of. */
  private record Case(int seed, String schema) {}

  private record Answer(Case of, String text, Finished end) {}

  @Test
  void chat_randomSchemas_everyReplySatisfiesItsSchema() throws Exception {
    Path model = RealModels.require("smollm2:135m", SHA256, "NEARSIDE_TEST_SMOLLM2");
    List<Case> cases = cases();
    long start = System.nanoTime();
    List<Answer> answers;
    EngineOptions options = EngineOptions.DEFAULTS.withContextLength(512).withSlots(SLOTS);
    try (LocalEngine engine = LocalEngine.open(model, options)) {
      answers = answers(engine, cases);
    }
    double seconds = (System.nanoTime() - start) / 1e9;

    List<String> wrong = new ArrayList<>();
    int stopped = 0;
    int tokens = 0;
    for (Answer answer : answers) {
      tokens += answer.end().usage().completionTokens();
      stopped += answer.end().reason() == FinishReason.STOP ? 1 : 0;
      wrong.addAll(faults(answer));
    }
    System.out.printf(
        "%d schemas: %d replies stopped, %d ended by length, %d wrong; %d tokens in %.1f s%n",
        answers.size(), stopped, answers.size() - stopped, wrong.size(), tokens, seconds);
    assertEquals(List.of(), wrong.subList(0, Math.min(5, wrong.size())), wrong.size() + " wrong");
    // Replies that the limit ends show less: they are led to the shortest way out.
    assertTrue(stopped >= LEAST_STOPPED * SCHEMAS, stopped + " replies came to their own end");
  }

  /** The first schemas of the generator that a grammar can be made of and that can be met. */
  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int seed = 0; cases.size() < SCHEMAS; seed++) {
      String schema = RandomSchemas.schema(new Random(seed));
      try {
        Grammar.ofJsonSchema(schema);
        cases.add(new Case(seed, schema));
      } catch (GrammarException e) {
        // Refused by the keyword's name, or no text satisfies it; the grammar's own tests count
        // these.
        boolean isExpected =
            e instanceof SchemaException || String.valueOf(e.getMessage()).contains("no text");
        assertTrue(isExpected, seed + ": " + e);
      }
    }
    return cases;
  }

  private static List<Answer> answers(LocalEngine engine, List<Case> cases) throws Exception {
    List<Callable<Answer>> tasks = new ArrayList<>();
    cases.forEach(one -> tasks.add(() -> answer(engine, one)));
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(SLOTS)) {
      for (Future<Answer> answer : callers.invokeAll(tasks)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private static Answer answer(LocalEngine engine, Case one) throws InterruptedException {
    Generation generation =
        Generation.of(
                Sampling.builder().temperature(0.8f).seed((long) one.seed()).build(),
                new Limits(MAX_TOKENS, List.of("\"", "e", "}"))) // a form is not cut by them
            .withFormat(new OutputFormat.JsonSchema(MAPPER.readValue(one.schema(), Object.class)));
    StringBuilder text = new StringBuilder();
    Finished end =
        engine.chat(
            ChatRequest.ofUser("Hi").withGeneration(generation),
            event -> {
              if (event instanceof ChatEvent.Text(String piece)) {
                text.append(piece);
              }
            });
    return new Answer(one, text.toString(), end);
  }

  private static List<String> faults(Answer answer) {
    List<String> faults = new ArrayList<>();
    FinishReason reason = answer.end().reason();
    int tokens = answer.end().usage().completionTokens();
    if (reason != FinishReason.STOP && reason != FinishReason.LENGTH) {
      faults.add("ended by " + reason);
    }
    if (tokens > MAX_TOKENS + 1) {
      faults.add(tokens + " tokens");
    }
    try {
      faults.addAll(SchemaJudge.faults(answer.of().schema(), answer.text()));
    } catch (IllegalArgumentException e) {
      faults.add("no JSON: " + e.getMessage());
    }
    return faults.isEmpty()
        ? List.of()
        : List.of(answer.of() + "\n  " + reason + " " + answer.text() + "\n  " + faults);
  }
}
