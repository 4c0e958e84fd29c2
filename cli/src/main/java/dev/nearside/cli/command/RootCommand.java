package dev.nearside.cli.command;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
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
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HelpCommand.class,
      RunCommand.class,
      PullCommand.class,
      ListCommand.class,
      ShowCommand.class,
      RemoveCommand.class,
      CopyCommand.class,
      PruneCommand.class,
      TokenizeCommand.class,
      TemplateCommand.class,
      PerplexityCommand.class,
      SynthCommand.class,
      QuantizeCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    })
public final class RootCommand implements Runnable {
  private final CliContext context;

  RootCommand(CliContext context) {
    this.context = context;
  }

  /** The command line over a context. */
  public static CommandLine commandLine(CliContext context) {
    IFactory factory = new ContextFactory(context);
    CommandLine line =
        new CommandLine(new RootCommand(context), factory)
            .setExecutionExceptionHandler(new ErrorReport(context))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
    line.getSubcommands().values().forEach(RootCommand::explainExitCodes);
    return line;
  }

  private static void explainExitCodes(CommandLine command) {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", "Done.");
    codes.put("1", "Failed; one line on standard error says why.");
    codes.put("2", "The command line makes no sense.");
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
