package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.engine.LocalEncoder;
import dev.nearside.hub.LocalModel;
import dev.nearside.model.Pooling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code nearside embed}: texts to vectors. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = {
      "Turn texts into vectors.",
      "",
      "The texts are what stands after the model, else the lines of --file or of standard input."
          + " Each becomes a line of numbers. A model that is not here is pulled first."
    },
    footer = {
      "",
      "Examples:",
      "  nearside embed all-minilm \"A sentence\" \"Another one\"",
      "  nearside embed bge-small-zh --json < sentences.txt",
      "  nearside embed nomic-embed-text --dimensions 256 --prefix \"search_query: \" Why"
    })
final class EmbedCommand implements Callable<Integer>, Computing {
  /** Texts that are printed before the next are computed. */
  private static final int STRETCH = 256;

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "An embedding model.")
  String model;

  @Parameters(index = "1..*", paramLabel = "TEXT", description = "The texts.")
  List<String> words = new ArrayList<>();

  @Mixin TextLines lines = new TextLines();

  @Option(
      names = "--pooling",
      paramLabel = "HOW",
      converter = PoolingReader.class,
      description =
          "mean, cls, last, or none (a vector per token). Default: as the model was trained; one"
              + " that was not needs it.")
  @Nullable Pooling pooling;

  @Option(names = "--no-normalize", description = "Leave vectors at their own length.")
  boolean isAsItIs;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "Keep the first N values: for models that were trained for it.")
  int dimensions;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Put before each text, as some models' cards ask for.")
  String prefix = "";

  @Option(names = "--truncate", description = "Cut off what is too long; else it is an error.")
  boolean isTruncated;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  @Mixin EngineFlags flags = new EngineFlags();

  EmbedCommand(CliContext context) {
    this.context = context;
  }

  static final class PoolingReader implements ITypeConverter<Pooling> {
    @Override
    public Pooling convert(String value) {
      return Arrays.stream(Pooling.values())
          .filter(p -> p != Pooling.RANK && p.label().equals(value.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + value + "' is not mean, cls, last or none"));
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    flags.check(spec.commandLine());
    if (dimensions < 0) {
      throw new ParameterException(spec.commandLine(), "--dimensions can't be negative");
    }
    List<String> texts = lines.read(context, spec.commandLine(), words);
    LocalModel local = new Models(context, context.hub(flags.isOffline)).ready(model);
    if (pooling == null && !LocalEncoder.isFor(local.path())) {
      throw new ChatException(
          Fault.of("the model makes no embeddings")
              .got(local.name())
              .hint("Take an embedding model, such as all-minilm, or say how with --pooling."));
    }
    try (LocalEncoder encoder =
        LocalEncoder.open(local.path(), flags.toOptions(context.env()), pooling)) {
      List<Object> vectors = new ArrayList<>();
      int tokens = 0;
      int width = 0;
      for (int from = 0; from < texts.size(); from += STRETCH) {
        Embeddings found =
            encoder.embed(request(texts.subList(from, Math.min(from + STRETCH, texts.size()))));
        tokens += found.usage().promptTokens();
        width = found.dimensions();
        for (float[] vector : found.vectors()) {
          if (isJson) {
            vectors.add(json(encoder, vector, width));
          } else {
            print(vector, width);
          }
        }
      }
      if (isJson) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("model", local.name());
        out.put("dimensions", width);
        out.put("pooling", encoder.pooling().label());
        out.put("normalized", !isAsItIs);
        out.put("embeddings", vectors);
        out.put("usage", Map.of("prompt_tokens", tokens));
        Json.print(context, out);
      }
    }
    return 0;
  }

  private EmbeddingRequest request(List<String> texts) {
    List<EmbeddingInput> inputs =
        texts.stream().<EmbeddingInput>map(EmbeddingInput.Text::new).toList();
    return new EmbeddingRequest(inputs, prefix, !isAsItIs, dimensions, isTruncated);
  }

  private static Object json(LocalEncoder encoder, float[] vector, int width) {
    if (encoder.pooling() != Pooling.NONE) {
      return vector;
    }
    List<float[]> rows = new ArrayList<>();
    for (int at = 0; at < vector.length; at += width) {
      rows.add(Arrays.copyOfRange(vector, at, at + width));
    }
    return rows;
  }

  private void print(float[] vector, int width) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < vector.length; i++) {
      boolean isEnd = (i + 1) % width == 0;
      line.append(vector[i]).append(isEnd ? '\n' : ' ');
    }
    context.out().print(line);
    context.out().flush();
  }
}
