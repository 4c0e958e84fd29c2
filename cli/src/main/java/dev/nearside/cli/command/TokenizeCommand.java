package dev.nearside.cli.command;

import dev.nearside.cli.command.JsonLines.BadRequest;
import dev.nearside.tokenizer.DecodeOptions;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside tokenize}: text to token ids and back. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = {
      "Show the tokens of a text, or the text of tokens.",
      "",
      "The text is what stands after the model, else standard input. Only the vocabulary is read,"
          + " never the weights."
    },
    footer = {
      "",
      "Examples:",
      "  nearside tokenize smollm2:135m \"Hello, world\"",
      "  nearside tokenize model.gguf --ids < notes.txt",
      "  nearside tokenize path/to/tokenizer.json --decode 1 15043 3186",
      "",
      "With --jsonl, one JSON object per line is read and one is answered, in order:",
      "  {\"text\":\"Hello\",\"special\":false,\"add\":false}  ->  {\"ids\":[19556]}",
      "  {\"ids\":[19556]}  ->  {\"text\":\"Hello\"}",
      "'special' parses control tokens in the text (and shows them, with ids); 'add' adds what the"
          + " model wants before and after a text. A line that fails answers"
          + " {\"error\":{\"message\":...}}; blank lines have no answer."
    })
final class TokenizeCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MODEL_OR_FILE",
      description = "A model's name, a GGUF file, or a tokenizer.json.")
  String model;

  @Parameters(index = "1..*", paramLabel = "TEXT", description = "The text, or ids with --decode.")
  List<String> words = new ArrayList<>();

  @Option(names = "--special", description = "Parse the names of control tokens in the text.")
  boolean isSpecial;

  @Option(names = "--add", description = "Add the beginning and end tokens as the model asks.")
  boolean isAdding;

  @Option(names = "--ids", description = "Print nothing but the ids, on one line.")
  boolean isIdsOnly;

  @Option(names = "--decode", description = "The words are ids: print their text.")
  boolean isDecoding;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  @Option(names = "--jsonl", description = "Answer JSON objects from standard input, line by line.")
  boolean isLines;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  TokenizeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (isLines && !words.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--jsonl reads standard input: no TEXT");
    }
    Models models = new Models(context, context.hub(isOffline));
    Tokenizer tokenizer = Vocabularies.open(models, model);
    if (isLines) {
      JsonLines.run(context, request -> answer(tokenizer, request));
    } else if (isDecoding) {
      decode(tokenizer);
    } else {
      encode(tokenizer);
    }
    return 0;
  }

  private static Map<String, ?> answer(Tokenizer tokenizer, Request request) {
    Optional<String> text = request.text("text");
    Optional<int[]> ids = request.ints("ids");
    if (text.isPresent() == ids.isPresent()) {
      throw new BadRequest("either \"text\" or \"ids\" is needed");
    }
    boolean isSpecial = request.flag("special", false);
    return text.isPresent()
        ? Map.of(
            "ids",
            tokenizer.encode(text.get(), new EncodeOptions(isSpecial, request.flag("add", false))))
        : Map.of("text", tokenizer.decode(ids.get(), shown(isSpecial)));
  }

  private static DecodeOptions shown(boolean isSpecial) {
    return isSpecial ? DecodeOptions.VISIBLE : DecodeOptions.PLAIN;
  }

  private void decode(Tokenizer tokenizer) {
    String text = tokenizer.decode(ids(), shown(isSpecial));
    if (isJson) {
      Json.print(context, Map.of("text", text));
    } else {
      context.out().println(text);
    }
  }

  private int[] ids() {
    try {
      return words.stream()
          .flatMap(word -> List.of(word.strip().split("[\\s,]+", -1)).stream())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new ParameterException(spec.commandLine(), "--decode takes token ids", e);
    }
  }

  private void encode(Tokenizer tokenizer) throws IOException {
    String text =
        words.isEmpty()
            ? new String(context.in().readAllBytes(), StandardCharsets.UTF_8)
            : String.join(" ", words);
    int[] ids = tokenizer.encode(text, new EncodeOptions(isSpecial, isAdding));
    if (isJson) {
      List<String> tokens = IntStream.of(ids).mapToObj(tokenizer::tokenText).toList();
      Json.print(context, Map.of("ids", ids, "tokens", tokens));
    } else if (isIdsOnly) {
      context
          .out()
          .println(IntStream.of(ids).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
    } else {
      Table table = new Table("id", "token");
      for (int id : ids) {
        table.row(String.valueOf(id), Printable.of(tokenizer.tokenText(id)));
      }
      table.print(context.out());
      context.err().println(ids.length + " tokens");
    }
  }
}
