package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.cli.command.JsonLines.BadRequest;
import dev.nearside.format.TensorFile;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.model.ModelFiles;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code nearside template}: messages to the prompt that a model sees. */
@Command(
    name = "template",
    mixinStandardHelpOptions = true,
    description = {
      "Render a chat template.",
      "",
      "The messages are a JSON array of {\"role\":..., \"content\":...}, or an object of the"
          + " template's variables with \"messages\" among them; '-' reads standard input."
    },
    footer = {
      "",
      "Examples:",
      "  nearside template smollm2:135m --messages chat.json",
      "  nearside template chat_template.jinja --messages - < chat.json",
      "",
      "With --jsonl, one JSON object per line is read and one is answered, in order:",
      "  {\"template\":\"Hi {{ name }}\",\"vars\":{\"name\":\"Ada\"}}  ->  {\"text\":\"Hi Ada\"}",
      "Also: \"options\":{\"trim_blocks\",\"lstrip_blocks\",\"keep_trailing_newline\"} (without"
          + " options both blocks are true, as chat templates want; with them, what is not named is"
          + " false) and \"now\":\"2026-01-02T03:04:05\". A line that fails answers"
          + " {\"error\":{\"message\",\"line\",\"column\"}}; blank lines have no answer."
    })
final class TemplateCommand implements Callable<Integer> {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL_OR_FILE",
      description = "A model's name, a GGUF file, or a file with a Jinja template.")
  @Nullable String model;

  @Option(names = "--messages", paramLabel = "FILE", description = "The messages, as JSON.")
  @Nullable String messages;

  @Option(
      names = "--no-generation-prompt",
      description = "Leave out the lines after which the model answers.")
  boolean isWithoutGeneration;

  @Option(names = "--jsonl", description = "Answer JSON objects from standard input, line by line.")
  boolean isLines;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  TemplateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (isLines) {
      if (model != null || messages != null) {
        throw new ParameterException(spec.commandLine(), "--jsonl has the templates in its lines");
      }
      JsonLines.run(context, TemplateCommand::answer);
      return 0;
    }
    if (model == null || messages == null) {
      throw new ParameterException(
          spec.commandLine(), "MODEL_OR_FILE and --messages FILE are needed, or --jsonl");
    }
    Map<String, Object> vars = new LinkedHashMap<>();
    String source = source(model, vars);
    vars.put("add_generation_prompt", !isWithoutGeneration);
    vars.put("tools", null);
    vars.put("documents", null);
    vars.putAll(variables(messages));
    Template template = Template.parse(source, TemplateOptions.huggingFace());
    context.out().print(template.render(vars, Clock.system(ZoneId.systemDefault())));
    context.out().flush();
    return 0;
  }

  /** The template's source; the model's beginning and end tokens go into {@code vars}. */
  private String source(String name, Map<String, Object> vars)
      throws IOException, InterruptedException {
    Optional<Path> file = Paths.existing(name).filter(TemplateCommand::isTemplate);
    if (file.isPresent()) {
      return Files.readString(file.get());
    }
    Path path = new Models(context, context.hub(isOffline)).ready(name).path();
    Tokenizer tokenizer = Vocabularies.at(path);
    vars.put("bos_token", text(tokenizer, SpecialRole.BOS));
    vars.put("eos_token", text(tokenizer, SpecialRole.EOS));
    try (TensorFile tensors = ModelFiles.open(path)) {
      return tensors
          .metadata()
          .findString("tokenizer.chat_template")
          .orElseThrow(() ->
              new ChatException(
                  Fault.of("the model has no chat template")
                      .got(name)
                      .hint("It is a base model.")));
    }
  }

  private static String text(Tokenizer tokenizer, SpecialRole role) {
    OptionalInt id = tokenizer.specials().id(role);
    return id.isPresent() ? tokenizer.tokenText(id.getAsInt()) : "";
  }

  private static boolean isTemplate(Path path) {
    String name = path.toString();
    return name.endsWith(".jinja") || name.endsWith(".j2") || name.endsWith(".txt");
  }

  private Map<String, Object> variables(String file) throws IOException {
    byte[] json =
        file.equals("-") ? context.in().readAllBytes() : Files.readAllBytes(Path.of(file));
    try {
      Map<String, Object> vars = new LinkedHashMap<>();
      switch (MAPPER.readValue(json, Object.class)) {
        case List<?> list -> vars.put("messages", list);
        case Map<?, ?> map -> map.forEach((key, value) -> vars.put(String.valueOf(key), value));
        default -> throw badMessages("neither an array nor an object", file);
      }
      return vars;
    } catch (JacksonException e) {
      throw badMessages(e.getOriginalMessage(), file);
    }
  }

  private static ChatException badMessages(String got, String file) {
    return new ChatException(
        Fault.of("the messages are not JSON")
            .got(got)
            .expected("[{\"role\":…, \"content\":…}, …]")
            .where(file));
  }

  private static Map<String, ?> answer(Request request) {
    String source =
        request.text("template").orElseThrow(() -> new BadRequest("\"template\" is needed"));
    Map<String, Object> vars = new LinkedHashMap<>();
    request
        .object("vars")
        .ifPresent(given -> given.forEach((key, value) -> vars.put(String.valueOf(key), value)));
    Clock clock =
        request
            .text("now")
            .map(TemplateCommand::clock)
            .orElseGet(() -> Clock.system(ZoneId.systemDefault()));
    Template template = Template.parse(source, options(request));
    return Map.of("text", template.render(vars, clock));
  }

  private static TemplateOptions options(Request request) {
    TemplateOptions usual = TemplateOptions.huggingFace();
    Optional<Request> given = request.object("options").map(Request::new);
    return given
        .map(options ->
            new TemplateOptions(
                options.flag("trim_blocks", false),
                options.flag("lstrip_blocks", false),
                options.flag("keep_trailing_newline", false),
                usual.isMutable(),
                usual.limits()))
        .orElse(usual);
  }

  /** A clock that stands still, at a local time or at one with its offset. */
  private static Clock clock(String now) {
    try {
      try {
        return Clock.fixed(LocalDateTime.parse(now).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
      } catch (DateTimeParseException local) {
        OffsetDateTime time = OffsetDateTime.parse(now);
        return Clock.fixed(time.toInstant(), time.getOffset());
      }
    } catch (DateTimeException e) {
      throw new BadRequest("\"now\" must be a time such as 2026-01-02T03:04:05");
    }
  }
}
