package dev.nearside.cli.command;

import dev.nearside.format.convert.QuantizeReport;
import dev.nearside.format.convert.Quantizer;
import dev.nearside.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside quantize}: rewrites a model's weights in another type. */
@Command(
    name = "quantize",
    description = "Rewrite a model's weights in another type.",
    mixinStandardHelpOptions = true)
final class QuantizeCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", description = "A model's name or a GGUF file.")
  String model;

  @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
  Path out;

  @Parameters(
      index = "2",
      paramLabel = "TYPE",
      description = "One of ${COMPLETION-CANDIDATES}.",
      completionCandidates = Types.class)
  String typeName;

  @Option(names = "--threads", paramLabel = "N", description = "Threads; default: all.")
  int threads;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  QuantizeCommand(CliContext context) {
    this.context = context;
  }

  static final class Types implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Quantizer.targets().stream().map(TensorType::name).iterator();
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    TensorType type =
        TensorType.ofName(typeName)
            .filter(Quantizer.targets()::contains)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "Can't quantize to '" + typeName + "'; TYPE is one of " + Quantizer.targets()));
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    Path in = new Models(context, context.hub(isOffline)).ready(model).path();
    QuantizeReport report;
    Path folder = Objects.requireNonNull(out.toAbsolutePath().getParent(), "a root is no file");
    try (ProgressLine line = new ProgressLine(context, "quantizing");
        OriginalCopy original = OriginalCopy.of(in, folder)) {
      report =
          new Quantizer(count)
              .quantize(
                  original.path(), out, type, (tensor, done, all) -> line.at(done, all, tensor));
    }
    if (isJson) {
      Json.print(context, json(type, report));
    } else {
      print(report);
    }
    return 0;
  }

  private Map<String, Object> json(TensorType type, QuantizeReport report) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (QuantizeReport.Line line : report.lines()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("from", line.from().name());
      json.put("to", line.to().name());
      json.put("tensors", line.tensors());
      json.put("weights", line.elems());
      json.put("bytes_before", line.bytesBefore());
      json.put("bytes_after", line.bytesAfter());
      json.put("relative_rmse", line.relativeRmse());
      lines.add(json);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", out.toString());
    all.put("type", type.name());
    all.put("tensors", report.tensors());
    all.put("bytes_before", report.bytesBefore());
    all.put("bytes_after", report.bytesAfter());
    all.put("types", lines);
    return all;
  }

  private void print(QuantizeReport report) {
    String row = "%-16s %8s %12s %12s %12s%n";
    context.out().printf(row, "", "tensors", "before", "after", "error (rel)");
    for (QuantizeReport.Line line : report.lines()) {
      boolean isSame = line.from() == line.to();
      context
          .out()
          .printf(
              row,
              isSame ? line.to() + " (kept)" : line.from() + " → " + line.to(),
              line.tensors(),
              Sizes.bytes(line.bytesBefore()),
              Sizes.bytes(line.bytesAfter()),
              isSame ? "-" : String.format(Locale.ROOT, "%.5f", line.relativeRmse()));
    }
    context
        .out()
        .printf(
            row,
            "all",
            report.tensors(),
            Sizes.bytes(report.bytesBefore()),
            Sizes.bytes(report.bytesAfter()),
            "");
  }
}
