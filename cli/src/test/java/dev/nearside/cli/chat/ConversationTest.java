package dev.nearside.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Message;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationTest {
  private final FakeModel fake = new FakeModel();
  private final StringWriter shown = new StringWriter();
  private final Conversation conversation = new Conversation(fake.model(false));
  private final ChatSettings plain =
      new ChatSettings(null, Sampling.DEFAULTS, 0, List.of(), OutputFormat.TEXT, null, false);

  private ReplyPrinter printer(Writer answer, boolean isTerminal) {
    PrintWriter out = new PrintWriter(answer);
    return new ReplyPrinter(new ReplyPrinter.Places(out, isTerminal, out, true), false);
  }

  private ReplyPrinter printer() {
    return printer(shown, true);
  }

  @Test
  void ask_again_sendsTheWholeChat() throws InterruptedException {
    conversation.ask("Hi", plain, printer());
    conversation.ask("More", plain.withSystem("Be brief").withThink(false), printer());
    assertEquals(
        List.of(
            Message.system("Be brief"),
            Message.user("Hi"),
            Message.assistant("Hello"),
            Message.user("More")),
        fake.chats.getLast().messages());
    assertEquals(Map.of("enable_thinking", false), fake.chats.getLast().templateArgs());
    assertEquals(4, conversation.turns().size());
  }

  @Test
  void ask_interrupted_keepsWhatWasSaid() {
    fake.isInterrupted = true;
    assertThrows(InterruptedException.class, () -> conversation.ask("Hi", plain, printer()));
    assertEquals(List.of(Message.user("Hi"), Message.assistant("Hello")), conversation.turns());
  }

  @Test
  void ask_interruptedBeforeTheFirstToken_leavesTheChatAsItWas() {
    fake.isInterrupted = true;
    fake.events = List.of();
    assertThrows(InterruptedException.class, () -> conversation.ask("Hi", plain, printer()));
    assertEquals(List.of(), conversation.turns());
  }

  @Test
  void ask_failed_leavesTheChatAsItWas() {
    fake.failure = new ChatException(Fault.of("no"));
    assertThrows(ChatException.class, () -> conversation.ask("Hi", plain, printer()));
    assertEquals(List.of(), conversation.turns());
  }

  @Test
  void ask_baseModel_continuesTheTextAlone() throws InterruptedException {
    Conversation base = new Conversation(fake.model(true));
    base.ask("Once upon", plain, printer());
    assertEquals(new Prompt.Text("Once upon", false), fake.completions.getFirst().prompt());
    assertEquals(List.of(), base.turns());
  }

  @Test
  void reply_withThoughts_dimsThemAndKeepsTheAnswerAlone() throws InterruptedException {
    fake.events = List.of(new ChatEvent.Reasoning("hm"), new ChatEvent.Text("Yes"));
    ReplyPrinter printer = printer();
    conversation.ask("Hi", plain, printer);
    assertEquals("Yes", conversation.turns().getLast().content());
    assertEquals(
        "\u001b[2mhm\u001b[0m\n\nYes", shown.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void reply_withEscapeCodes_isShownAndNotObeyed() throws InterruptedException {
    fake.events = List.of(new ChatEvent.Text("a\u001b[2Jb\tc\n"));
    conversation.ask("Hi", plain, printer());
    assertEquals("a\uFFFD[2Jb\tc\n", shown.toString());
    assertEquals("a\u001b[2Jb\tc\n", conversation.turns().getLast().content());
  }

  @Test
  void reply_toClosedPipe_isCancelled() throws InterruptedException {
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] chars, int from, int count) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    assertEquals(
        FinishReason.CANCELLED, conversation.ask("Hi", plain, printer(closed, false)).reason());
  }

  @Test
  void replace_dropsTheSystemPrompt() {
    conversation.replace(List.of(Message.system("s"), Message.user("u")));
    assertEquals(List.of(Message.user("u")), conversation.turns());
    conversation.clear();
    assertEquals(List.of(), conversation.turns());
  }
}
