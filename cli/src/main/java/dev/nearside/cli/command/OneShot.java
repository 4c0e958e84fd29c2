package dev.nearside.cli.command;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.cli.chat.ChatModel;
import dev.nearside.cli.chat.ChatSettings;
import dev.nearside.cli.chat.Conversation;
import dev.nearside.cli.chat.EndNote;
import dev.nearside.cli.chat.ReplyPrinter;
import dev.nearside.cli.chat.TimingsLine;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** One question and its answer: the answer alone on standard output. */
record OneShot(CliContext context, ChatModel model, ChatSettings settings) {
  /**
   * Answers; a reader who has enough and goes ({@code | head -1}) ends the reply quietly.
   *
   * @return the exit code
   */
  int answer(String text) throws InterruptedException {
    PrintWriter out = new PrintWriter(context.out(), false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(context.err(), false, StandardCharsets.UTF_8);
    ReplyPrinter printer =
        new ReplyPrinter(
            new ReplyPrinter.Places(
                out,
                context.isTerminalOut(),
                context.isTerminalErr() ? err : null,
                context.canColourErr()),
            settings.maxTokens() == 0);
    // On Ctrl-C the JVM ends by itself, with 130: this leaves a whole last line and no dimmed
    // terminal behind. It has nothing to do once the reply has ended.
    Runtime.getRuntime().addShutdownHook(new Thread(printer::finish, "nearside-last-line"));
    Finished finished;
    try {
      finished = ask(text, printer);
    } catch (RuntimeException e) {
      printer.fail();
      throw e;
    }
    boolean isReaderGone = printer.isOver();
    printer.finish();
    EndNote.ofFullContext(
            finished,
            settings,
            model.contextLength(),
            "--ctx makes it longer, -n the reply shorter")
        .ifPresent(context.err()::println);
    if (printer.isLooping()) {
      context.err().println("(stopped: the reply repeats itself; with -n it may)");
    } else if (finished.reason() == FinishReason.CANCELLED && !isReaderGone) {
      context.err().println("(stopped: the reply was not read for too long)");
    }
    if (settings.isVerbose()) {
      context.err().println(TimingsLine.of(finished));
    }
    return 0;
  }

  private Finished ask(String text, ReplyPrinter printer) throws InterruptedException {
    if (model.isBase()) {
      context.err().println("(a base model: it continues the text)");
    }
    return new Conversation(model).ask(text, settings, printer);
  }
}
