package dev.nearside.cli.command;

import dev.nearside.chat.Ranking;
import dev.nearside.chat.RerankRequest;
import dev.nearside.engine.LocalEncoder;
import dev.nearside.hub.LocalModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside rerank}: documents by how well they answer a query. */
@Command(
    name = "rerank",
    mixinStandardHelpOptions = true,
    description = {
      "Order documents by how well they answer a query.",
      "",
      "The documents are what stands after the model, else the lines of --file or of standard"
          + " input. The best comes first, with its score. A model that is not here is pulled"
          + " first."
    },
    footer = {
      "",
      "Examples:",
      "  nearside rerank bge-reranker-v2-m3 -q \"What do pandas eat?\" Bamboo Java",
      "  nearside rerank bge-reranker-v2-m3 -q 熊猫吃什么? --top 3 < passages.txt"
    })
final class RerankCommand implements Callable<Integer>, Computing {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A reranker.")
  String model;

  @Parameters(index = "1..*", paramLabel = "DOC", description = "The documents.")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-q", "--query"},
      paramLabel = "TEXT",
      required = true,
      description = "What the documents should answer.")
  String query;

  @Mixin TextLines lines = new TextLines();

  @Option(names = "--top", paramLabel = "N", description = "Print the best N alone.")
  int top;

  @Option(names = "--raw", description = "Print the model's own scores, not 0 to 1.")
  boolean isRaw;

  @Option(names = "--truncate", description = "Cut off what is too long; else it is an error.")
  boolean isTruncated;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  @Mixin EngineFlags flags = new EngineFlags();

  RerankCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    flags.check(spec.commandLine());
    if (top < 0) {
      throw new ParameterException(spec.commandLine(), "--top can't be negative");
    }
    List<String> documents = lines.read(context, spec.commandLine(), words);
    LocalModel local = new Models(context, context.hub(flags.isOffline)).ready(model);
    try (LocalEncoder encoder = LocalEncoder.open(local.path(), flags.toOptions(context.env()))) {
      Ranking ranking = encoder.rerank(new RerankRequest(query, documents, isRaw, isTruncated));
      List<Integer> best = best(ranking.scores());
      if (isJson) {
        Json.print(context, json(local.name(), documents, ranking, best));
      } else {
        for (int i : best) {
          String score = String.format(Locale.ROOT, "%.4f", ranking.scores()[i]);
          context.out().println(score + "\t" + Printable.of(documents.get(i)));
        }
      }
    }
    return 0;
  }

  /** The best first; equals in the order given. */
  private List<Integer> best(float[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .limit(top == 0 ? scores.length : top)
        .toList();
  }

  private Map<String, Object> json(
      String name, List<String> documents, Ranking ranking, List<Integer> best) {
    List<Map<String, Object>> results = new ArrayList<>();
    for (int i : best) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("index", i);
      result.put("relevance_score", ranking.scores()[i]);
      result.put("document", documents.get(i));
      results.add(result);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("model", name);
    out.put("query", query);
    out.put("results", results);
    out.put("usage", Map.of("prompt_tokens", ranking.usage().promptTokens()));
    return out;
  }
}
