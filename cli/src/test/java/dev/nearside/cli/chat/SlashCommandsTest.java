package dev.nearside.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.Message;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlashCommandsTest {
  @TempDir Path folder;

  private final StringWriter shown = new StringWriter();
  private final ChatModel model = new FakeModel().model(false);
  private final Conversation conversation = new Conversation(model);
  private final SlashCommands commands =
      new SlashCommands(
          model,
          conversation,
          new PrintWriter(shown),
          new ChatSettings(null, Sampling.DEFAULTS, 0, List.of(), OutputFormat.TEXT, null, false));

  @Test
  void bye_endsTheChat() {
    assertFalse(commands.run("/bye"));
    assertTrue(commands.run("/help"));
    assertTrue(shown.toString().contains("top-k"));
  }

  @Test
  void setSystem_thenWithoutText_setsAndRemoves() {
    commands.run("/set system \"You are  a fox.\"");
    assertEquals("You are  a fox.", commands.settings().system());
    commands.run("/set system");
    assertNull(commands.settings().system());
  }

  @ParameterizedTest
  @CsvSource({
    "temperature, 0.5, 0.5",
    "top_k, 7, 7",
    "top-p, 0.9, 0.9",
    "min-p, 0.1, 0.1",
    "typical, 0.8, 0.8",
    "repeat-penalty, 1.2, 1.2",
    "presence-penalty, 0.3, 0.3",
    "frequency-penalty, 0.4, 0.4",
    "repeat-last-n, 9, 9",
    "seed, 42, 42",
    "max-tokens, 11, 11",
    "stop, END, [END]",
    "think, off, false",
    "verbose, on, true"
  })
  void setParameter_changesWhatShowPrints(String name, String value, String shownValue) {
    commands.run("/set parameter " + name + " " + value);
    commands.run("/show parameters");
    assertTrue(
        shown.toString().contains(name.replace('_', '-') + " = " + shownValue), shown.toString());
  }

  @Test
  void setPenalty_keepsTheOthers() {
    commands.run("/set repeat-penalty 1.5");
    commands.run("/set presence-penalty 0.5");
    assertEquals(
        new Sampling.Penalties(1.5f, 0.5f, null, null),
        commands.settings().sampling().penalties(),
        "the rest is the model's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nonsense",
        "/",
        "/set",
        "/set nonsense 1",
        "/set parameter",
        "/set top-k",
        "/set top-k x",
        "/set think maybe",
        "/set max-tokens 9999999999",
        "/set max-tokens -1",
        "/show nonsense",
        "/save",
        "/load",
        "/load /nonsense/file",
        "/save /nonsense/file",
        "/load a\0b"
      })
  void mistake_isToldAndChangesNothing(String line) {
    ChatSettings before = commands.settings();
    assertThrows(ChatException.class, () -> commands.run(line));
    assertEquals(before, commands.settings());
  }

  @Test
  void saveClearLoad_bringsChatAndSystemPromptBack() {
    List<Message> turns = List.of(Message.user("你好 👍🏽\n\"x\""), Message.assistant("Yes\\"));
    conversation.replace(turns);
    commands.run("/set system Be brief");
    Path file = folder.resolve("a chat.json");
    commands.run("/save " + file);
    commands.run("/clear");
    commands.run("/set system");
    assertEquals(List.of(), conversation.turns());
    commands.run("/load \"" + file + "\"");
    assertEquals(turns, conversation.turns());
    assertEquals("Be brief", commands.settings().system());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"messages\": 1}",
        "{\"messages\": [1]}",
        "{\"messages\": [{\"role\": \"king\", \"content\": \"x\"}]}",
        "{\"messages\": [{\"role\": \"user\"}]}",
        "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}"
      })
  void load_brokenFile_leavesTheChatAsItWas(String text) throws IOException {
    conversation.replace(List.of(Message.user("u")));
    Path file = Files.writeString(folder.resolve("broken.json"), text);
    assertThrows(ChatException.class, () -> commands.run("/load " + file));
    assertEquals(1, conversation.turns().size());
  }

  @Test
  void load_deeplyNestedOrNotUtf8_isToldNotThrown() throws IOException {
    Path deep = Files.writeString(folder.resolve("deep"), "[".repeat(100_000));
    assertThrows(ChatException.class, () -> commands.run("/load " + deep));
    Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0, 1});
    assertThrows(ChatException.class, () -> commands.run("/load " + bytes));
  }

  @Test
  void save_whenItFails_keepsTheOlderFile() throws IOException {
    Path file = folder.resolve("chat.json");
    Files.createDirectories(file.resolve("full"));
    assertThrows(ChatException.class, () -> commands.run("/save " + file));
    assertTrue(Files.isDirectory(file.resolve("full")));
    try (var left = Files.list(folder)) {
      assertEquals(1, left.count(), "no temporary file stays behind");
    }
  }

  @Test
  void save_nameOfAnEmptyFolder_isRefusedAndTheFolderStays() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    ChatException e = assertThrows(ChatException.class, () -> commands.run("/save " + empty));
    assertTrue(e.fault().message().contains("a folder"), e::getMessage);
    assertTrue(Files.isDirectory(empty));
  }

  @Test
  void save_leavesOthersFilesAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("chat.json"), "an older chat");
    Path other = Files.writeString(folder.resolve("chat.json.tmp"), "mine");
    commands.run("/save " + file);
    assertEquals("mine", Files.readString(other));
    assertTrue(Files.readString(file).startsWith("{"));
    try (var all = Files.list(folder)) {
      assertEquals(2, all.count(), "no temporary file stays behind");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/bye, true",
    "/?, true",
    "/, true",
    "/set top-k 1, true",
    "/usr/bin/java is what?, false",
    "a /bye, false",
    "/1 is a fraction, false"
  })
  void entry_beginningWithASlash_isACommandOnlyIfAWordFollows(String line, boolean isCommand) {
    assertEquals(isCommand, EntryReader.Entry.ofLine(line).isCommand());
  }
}
