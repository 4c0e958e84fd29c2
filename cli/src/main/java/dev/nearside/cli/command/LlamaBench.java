package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.engine.eval.EvalException;
import dev.nearside.engine.eval.SpeedSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** llama.cpp's llama-bench, run as a program of its own: one measurement a call. */
final class LlamaBench {
  /**
   * One measurement.
   *
   * @param tokensPerSecond without loading the model, and after its own warm-up
   * @param build llama.cpp's commit
   */
  record Sample(double tokensPerSecond, String build) {}

  private static final int ERROR_CHARS = 400;

  private final Path program;
  private final Path model;
  private final int threads;

  /**
   * @throws EvalException when there is no such program
   */
  LlamaBench(Path program, Path model, int threads) {
    if (!Files.isExecutable(program) || Files.isDirectory(program)) {
      throw new EvalException(
          Fault.of("llama-bench can't be started")
              .got(program)
              .expected("the path of an executable file"));
    }
    this.program = program;
    this.model = model;
    this.threads = threads;
  }

  /** Runs a test once. */
  Sample run(SpeedSpec spec) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(spec)).start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> errors = read(process.getErrorStream());
      String out = read(process.getInputStream()).join();
      int code = process.waitFor();
      if (code != 0) {
        throw failed("exit code " + code + ", " + tail(errors.join()));
      }
      return parse(out);
    } finally {
      process.destroyForcibly();
    }
  }

  List<String> command(SpeedSpec spec) {
    boolean isPrompt = spec.kind() == SpeedSpec.Kind.PROMPT;
    List<String> words = new ArrayList<>();
    words.add(program.toAbsolutePath().toString());
    words.addAll(List.of("-m", model.toString(), "-o", "json", "-r", "1"));
    words.addAll(List.of("-p", String.valueOf(isPrompt ? spec.tokens() : 0)));
    words.addAll(List.of("-n", String.valueOf(isPrompt ? 0 : spec.tokens())));
    words.addAll(List.of("-d", String.valueOf(spec.depth()), "-t", String.valueOf(threads)));
    return words;
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }

  static Sample parse(String out) {
    try {
      JsonNode first = new JsonMapper().readTree(out).path(0);
      JsonNode speed = first.path("samples_ts").path(0);
      if (!speed.isNumber()) {
        throw failed("no samples_ts in " + tail(out));
      }
      return new Sample(speed.asDouble(), first.path("build_commit").asString("?"));
    } catch (JacksonException e) {
      throw new EvalException(
          Fault.of("llama-bench wrote no JSON").got(tail(out)).expected("what -o json writes"), e);
    }
  }

  private static EvalException failed(String got) {
    return new EvalException(Fault.of("llama-bench failed").got(got));
  }

  private static String tail(String text) {
    String line = text.strip();
    return line.length() <= ERROR_CHARS ? line : "…" + line.substring(line.length() - ERROR_CHARS);
  }
}
