package dev.nearside.cli.chat;

import dev.nearside.base.NearsideException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads a person's lines, prints the replies. Ctrl-C stops a reply and not the chat. What was typed
 * is remembered until the chat ends and never written to a file.
 */
public final class ChatLoop {
  private static final Size USUAL_SIZE = Size.of(80, 24);

  private final ChatModel model;
  private final ChatSettings initial;
  private final @Nullable PrintWriter answers;
  private final boolean hasColour;
  private final ReplyInterrupt interrupt = new ReplyInterrupt();

  /**
   * @param answers where the replies alone go; null = to the terminal, between the prompts
   * @param hasColour whether thoughts may be dimmed
   */
  public ChatLoop(
      ChatModel model, ChatSettings settings, @Nullable PrintWriter answers, boolean hasColour) {
    this.model = model;
    this.initial = settings;
    this.answers = answers;
    this.hasColour = hasColour;
  }

  /** Chats until the person leaves; returns the exit code. */
  public int run() throws IOException {
    // With standard output elsewhere the prompts go to standard error.
    try (Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .systemOutput(SystemOutput.SysOutOrSysErr)
            .dumb(true)
            .build()) {
      if (terminal.getSize().getColumns() <= 0 || terminal.getSize().getRows() <= 0) {
        terminal.setSize(USUAL_SIZE); // a terminal that does not know would show no line at all
      }
      terminal.handle(Signal.INT, signal -> interrupt.fire());
      Conversation conversation = new Conversation(model);
      SlashCommands commands = new SlashCommands(model, conversation, terminal.writer(), initial);
      greet(terminal.writer());
      EntryReader entries = new EntryReader(LineEditor.open(terminal), terminal.writer());
      Optional<EntryReader.Entry> entry = entries.read();
      while (entry.isPresent() && handle(terminal, conversation, commands, entry.get())) {
        entry = entries.read();
      }
      return 0;
    }
  }

  private void greet(PrintWriter out) {
    out.println(
        model.name()
            + (model.isBase() ? " (a base model: it continues your text)" : "")
            + ". /help for commands, /bye to leave.");
    out.flush();
  }

  // False when the chat is to end.
  private boolean handle(
      Terminal terminal,
      Conversation conversation,
      SlashCommands commands,
      EntryReader.Entry entry) {
    if (entry.text().isBlank()) {
      return true;
    }
    try {
      if (entry.isCommand()) {
        return commands.run(entry.text());
      }
      return reply(terminal, conversation, commands.settings(), entry.text());
    } catch (NearsideException e) {
      terminal.writer().println("error: " + e.getMessage());
    } finally {
      terminal.writer().flush();
    }
    return true;
  }

  // False when nobody reads the answers any more.
  private boolean reply(
      Terminal terminal, Conversation conversation, ChatSettings settings, String text) {
    PrintWriter out = terminal.writer();
    boolean canDim = hasColour && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    ReplyPrinter.Places places =
        new ReplyPrinter.Places(answers == null ? out : answers, answers == null, out, canDim);
    interrupt.begin();
    try {
      return new Turn(model, conversation, places, out).run(text, settings);
    } finally {
      interrupt.end();
    }
  }
}
