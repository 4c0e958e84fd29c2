package dev.nearside.cli.command;

import dev.nearside.model.Compute;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;

/** {@code nearside}: the list of verbs. */
@Command(
    name = "nearside",
    description = "Runs language models on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND")
public final class RootCommand implements Runnable {
  /** Every verb, in the order of the help. */
  static final Map<String, Class<?>> VERBS = verbs();

  private final CliContext context;

  RootCommand(CliContext context) {
    this.context = context;
  }

  /** The command line over a context. */
  public static CommandLine commandLine(CliContext context) {
    return commandLine(context, VERBS.keySet());
  }

  /**
   * The command line that {@code args} need: picocli reads the annotations of every verb that it
   * knows, and reading all of them takes a tenth of a second of every start.
   */
  public static CommandLine commandLine(CliContext context, String... args) {
    String verb = args.length == 0 ? "" : args[0];
    boolean isPlain = VERBS.containsKey(verb) && !verb.equals("help") && !verb.equals("completion");
    return commandLine(context, isPlain ? Set.of(verb) : VERBS.keySet());
  }

  /** Begins what the verb of a command line will need, while the line is still being read. */
  public static void prepare(Map<String, String> env, String... args) {
    Class<?> verb = args.length == 0 ? null : VERBS.get(args[0]);
    if (verb != null && Computing.class.isAssignableFrom(verb)) {
      Compute.prepare(env.get("NEARSIDE_KERNELS"));
    }
  }

  private static CommandLine commandLine(CliContext context, Set<String> verbs) {
    CommandLine line = new CommandLine(new RootCommand(context), new ContextFactory(context));
    VERBS.forEach((verb, type) -> {
      if (verbs.contains(verb)) {
        line.addSubcommand(type);
      }
    });
    line.setExecutionExceptionHandler(new ErrorReport(context))
        .setParameterExceptionHandler(new UsageReport())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
    line.getSubcommands().values().forEach(RootCommand::explainExitCodes);
    return line;
  }

  private static Map<String, Class<?>> verbs() {
    Map<String, Class<?>> all = new LinkedHashMap<>();
    all.put("help", HelpCommand.class);
    all.put("run", RunCommand.class);
    all.put("serve", ServeCommand.class);
    all.put("ps", PsCommand.class);
    all.put("stop", StopCommand.class);
    all.put("embed", EmbedCommand.class);
    all.put("rerank", RerankCommand.class);
    all.put("pull", PullCommand.class);
    all.put("list", ListCommand.class);
    all.put("show", ShowCommand.class);
    all.put("rm", RemoveCommand.class);
    all.put("cp", CopyCommand.class);
    all.put("create", CreateCommand.class);
    all.put("prune", PruneCommand.class);
    all.put("key", KeyCommand.class);
    all.put("tokenize", TokenizeCommand.class);
    all.put("template", TemplateCommand.class);
    all.put("perplexity", PerplexityCommand.class);
    all.put("synth", SynthCommand.class);
    all.put("quantize", QuantizeCommand.class);
    all.put("bench", BenchCommand.class);
    all.put("doctor", DoctorCommand.class);
    all.put("completion", CompletionCommand.class);
    return Collections.unmodifiableMap(all);
  }

  private static void explainExitCodes(CommandLine command) {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", "Done.");
    codes.put("1", "Failed; one line on standard error says why.");
    codes.put("2", "The command line makes no sense.");
    if (command.getCommandName().equals("run")) {
      codes.put("130", "Ctrl-C stopped the reply.");
    }
    command.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    command.getCommandSpec().usageMessage().exitCodeList(codes);
  }

  @Override
  public void run() {
    commandLine(context).usage(context.out());
  }

  /** Gives commands their context. */
  private record ContextFactory(CliContext context) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> c : type.getDeclaredConstructors()) {
        if (c.getParameterCount() == 1 && c.getParameterTypes()[0] == CliContext.class) {
          return type.cast(c.newInstance(context));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
