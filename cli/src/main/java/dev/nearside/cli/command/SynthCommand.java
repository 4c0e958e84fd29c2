package dev.nearside.cli.command;

import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShape;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nearside synth}: a model of random weights, to measure speed without a download. */
@Command(
    name = "synth",
    description = "Write a model of random weights in the shape of a real one.",
    mixinStandardHelpOptions = true)
final class SynthCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "SHAPE",
      description = "One of ${COMPLETION-CANDIDATES}.",
      completionCandidates = Shapes.class)
  String shape;

  @Parameters(
      index = "1",
      paramLabel = "TYPE",
      description = "One of ${COMPLETION-CANDIDATES}.",
      completionCandidates = Types.class)
  String type;

  @Parameters(index = "2", paramLabel = "OUT", description = "The GGUF file to write.")
  Path out;

  @Option(names = "--seed", paramLabel = "N", description = "Another seed gives other weights.")
  long seed;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  SynthCommand(CliContext context) {
    this.context = context;
  }

  static final class Shapes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return SynthShapes.all().stream().map(SynthShape::name).iterator();
    }
  }

  static final class Types implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return QuantMix.names().iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    SynthShape chosen = SynthShapes.of(shape);
    QuantMix mix = QuantMix.of(type);
    Synth.Report report;
    try (ProgressLine line = new ProgressLine(context, "writing")) {
      report =
          Synth.write(
              chosen, mix, out, seed, (done, all) -> line.at(done, all, "of " + Sizes.bytes(all)));
    }
    long bytes = Files.size(out);
    double bits = 8.0 * report.tensorBytes() / report.parameters();
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", out.toString());
      json.put("shape", chosen.name());
      json.put("type", mix.name());
      json.put("bytes", bytes);
      json.put("tensors", report.tensors());
      json.put("parameters", report.parameters());
      json.put("bits_per_weight", bits);
      Json.print(context, json);
    } else {
      context
          .out()
          .printf(
              "%s: %s, %d tensors, %.1f M weights, %.2f bits per weight%n",
              out, Sizes.bytes(bytes), report.tensors(), report.parameters() / 1e6, bits);
    }
    return 0;
  }
}
