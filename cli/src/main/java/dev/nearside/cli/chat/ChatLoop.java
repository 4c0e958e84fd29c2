package dev.nearside.cli.chat;

import dev.nearside.base.NearsideException;
import dev.nearside.chat.Finished;
import dev.nearside.engine.LocalEngine;
import java.io.IOException;
import java.io.PrintWriter;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Reads a person's lines, prints the replies. Ctrl-C stops a reply and not the chat. */
public final class ChatLoop {
  private static final String PROMPT = ">>> ";
  private static final String CONTINUED = "... ";
  private static final String FENCE = "\"\"\"";

  private final LocalEngine engine;
  private final String model;
  private final ChatSettings initial;

  public ChatLoop(LocalEngine engine, String model, ChatSettings settings) {
    this.engine = engine;
    this.model = model;
    this.initial = settings;
  }

  /** Chats until the person leaves; returns the exit code. */
  public int run() throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .completer(new StringsCompleter(SlashCommands.NAMES))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      Conversation conversation = new Conversation(engine);
      SlashCommands commands =
          new SlashCommands(engine, model, conversation, terminal.writer(), initial);
      greet(terminal.writer(), conversation);
      while (true) {
        String text = read(reader);
        if (text == null) {
          return 0;
        }
        if (!text.isBlank() && !handle(terminal, conversation, commands, text)) {
          return 0;
        }
      }
    }
  }

  private void greet(PrintWriter out, Conversation conversation) {
    out.println(
        model
            + (conversation.isBase() ? " (a base model: it continues your text)" : "")
            + ". /help for commands, /bye to leave.");
    out.flush();
  }

  // One entry: a line, or several. Null when the person leaves.
  private static @Nullable String read(LineReader reader) {
    try {
      String line = reader.readLine(PROMPT);
      if (line.strip().startsWith(FENCE)) {
        return readFenced(reader, line.strip().substring(FENCE.length()));
      }
      StringBuilder all = new StringBuilder();
      while (line.endsWith("\\")) {
        all.append(line, 0, line.length() - 1).append('\n');
        line = reader.readLine(CONTINUED);
      }
      return all.append(line).toString();
    } catch (UserInterruptException e) {
      return ""; // Ctrl-C drops the line
    } catch (EndOfFileException e) {
      return null;
    }
  }

  private static String readFenced(LineReader reader, String first) {
    StringBuilder all = new StringBuilder();
    String line = first;
    while (!line.stripTrailing().endsWith(FENCE)) {
      all.append(line).append('\n');
      line = reader.readLine(CONTINUED);
    }
    String last = line.stripTrailing();
    return all.append(last, 0, last.length() - FENCE.length()).toString().strip();
  }

  // False when the chat is to end.
  private static boolean handle(
      Terminal terminal, Conversation conversation, SlashCommands commands, String text)
      throws IOException {
    try {
      if (text.startsWith("/")) {
        return commands.run(text);
      }
      reply(terminal, conversation, commands.settings(), text);
    } catch (NearsideException | IOException e) {
      terminal.writer().println("error: " + e.getMessage());
    } finally {
      terminal.writer().flush();
    }
    return true;
  }

  private static void reply(
      Terminal terminal, Conversation conversation, ChatSettings settings, String text) {
    PrintWriter out = terminal.writer();
    ReplyPrinter printer = new ReplyPrinter(out, out, true);
    Thread asking = Thread.currentThread();
    SignalHandler before = terminal.handle(Signal.INT, signal -> asking.interrupt());
    try {
      Finished finished = conversation.ask(text, settings, printer);
      printer.endThoughts();
      out.println();
      if (settings.isVerbose()) {
        out.println(TimingsLine.of(finished));
      }
    } catch (InterruptedException e) {
      printer.endThoughts();
      out.println();
      out.println("(stopped)");
    } finally {
      terminal.handle(Signal.INT, before);
      Thread.interrupted(); // a Ctrl-C that came too late is not meant for the next line
    }
  }
}
