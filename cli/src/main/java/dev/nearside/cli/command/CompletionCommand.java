package dev.nearside.cli.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside completion}: a script that completes commands and options in a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print a script that lets a shell complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(nearside completion bash)",
      "  nearside completion zsh > ~/.nearside-completion; source it from ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    BASH,
    ZSH
  }

  private static final String ZSH_START =
      """
      # zsh reads bash's completions once its own system has started.
      autoload -Uz compinit bashcompinit
      (( $+functions[compdef] )) || compinit -u
      bashcompinit
      """;

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell;

  CompletionCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("nearside", spec.root().commandLine());
    context
        .out()
        .print(
            switch (shell) {
              case BASH -> script;
              case ZSH -> ZSH_START + script;
            });
    context.out().flush();
    return 0;
  }
}
