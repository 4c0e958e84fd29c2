package dev.nearside.cli.chat;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands of a chat: lines that begin with a slash. */
final class SlashCommands {
  static final List<String> NAMES =
      List.of("/set", "/show", "/clear", "/save", "/load", "/bye", "/help", "/?");

  private static final String HELP =
      """
      /set system TEXT         the system prompt; without TEXT none
      /set parameter NAME X    change a parameter: NAMES
      /show [info|system|parameters|template|messages]
      /clear                   forget the chat
      /save FILE, /load FILE   keep the chat, take it up again
      /bye                     leave (also Ctrl-D)
      \"""                      begins and ends a text of several lines; a \\ at the end of a line goes on
      Ctrl-C                   stops the reply, not the chat; at the prompt it drops the line
      Arrows                   edit the line; up and down fetch what was typed in this chat
      """;

  private final ChatModel model;
  private final Conversation conversation;
  private final PrintWriter out;
  private ChatSettings settings;

  SlashCommands(
      ChatModel model, Conversation conversation, PrintWriter out, ChatSettings settings) {
    this.model = model;
    this.conversation = conversation;
    this.out = out;
    this.settings = settings;
  }

  ChatSettings settings() {
    return settings;
  }

  /**
   * Runs a line that begins with a slash.
   *
   * @return false when the chat is to end
   * @throws ChatException when the line makes no sense
   */
  boolean run(String line) {
    String[] words = line.strip().split("\\s+", 3);
    String rest = line.strip().substring(words[0].length()).strip();
    switch (words[0]) {
      case "/bye", "/exit", "/quit" -> {
        return false;
      }
      case "/help", "/?" -> help();
      case "/clear" -> {
        conversation.clear();
        out.println("The chat is forgotten.");
      }
      case "/set" -> set(words);
      case "/show" -> show(rest);
      case "/save" -> save(rest);
      case "/load" -> load(rest);
      default ->
          throw new ChatException(
              Fault.of("unknown command").got(words[0]).expected("one of " + NAMES));
    }
    return true;
  }

  private void help() {
    String names =
        Arrays.stream(Parameter.values())
            .map(Parameter::wireName)
            .collect(Collectors.joining(", "));
    out.print(HELP.replace("NAMES", names));
  }

  private void set(String[] words) {
    String what = words.length > 1 ? words[1] : "";
    String value = words.length > 2 ? words[2].strip() : "";
    if (what.equals("system")) {
      String text = unquoted(value);
      settings = settings.withSystem(text.isEmpty() ? null : text);
      out.println(text.isEmpty() ? "No system prompt." : "The system prompt is set.");
      return;
    }
    if (what.isEmpty() || (what.equals("parameter") && value.isEmpty())) {
      throw new ChatException(Fault.of("the name of a parameter is missing").hint("See /help."));
    }
    // Both "/set parameter top-k 5" and "/set top-k 5" are understood.
    String[] pair = what.equals("parameter") ? value.split("\\s+", 2) : new String[] {what, value};
    Parameter parameter =
        Parameter.of(pair[0])
            .orElseThrow(() ->
                new ChatException(Fault.of("unknown parameter").got(pair[0]).hint("See /help.")));
    if (pair.length < 2 || pair[1].isBlank()) {
      throw new ChatException(Fault.of("a value is missing").where(line(parameter)));
    }
    settings = parameter.set(settings, unquoted(pair[1].strip()));
    out.println(line(parameter));
  }

  private String line(Parameter p) {
    return p.wireName() + " = " + p.show(settings);
  }

  private void show(String what) {
    switch (what) {
      case "", "info" -> info();
      case "system" -> out.println(orNone(settings.system()));
      case "parameters" -> Arrays.stream(Parameter.values()).forEach(p -> out.println(line(p)));
      case "template" -> out.println(orNone(model.template()));
      case "messages" ->
          conversation.turns().forEach(m -> out.println(m.role().wireName() + ": " + m.content()));
      default ->
          throw new ChatException(
              Fault.of("nothing to show")
                  .got(what)
                  .expected("info, system, parameters, template or messages"));
    }
  }

  private void info() {
    out.println("model         " + model.name());
    out.println("architecture  " + model.architecture());
    out.println("parameters    " + model.parameters());
    out.println("context       " + model.contextLength() + " tokens");
    out.println("turns         " + conversation.turns().size());
  }

  private void save(String name) {
    Path file = file(name);
    List<Message> all = new ArrayList<>();
    if (settings.system() != null) {
      all.add(Message.system(settings.system()));
    }
    all.addAll(conversation.turns());
    try {
      ChatFile.save(file, model.name(), all);
    } catch (IOException e) {
      throw new ChatException(Fault.of("the chat can't be saved").got(e).where(file), e);
    }
    out.println("Saved " + conversation.turns().size() + " turns to " + file + ".");
  }

  private void load(String name) {
    Path file = file(name);
    List<Message> saved;
    try {
      saved = ChatFile.load(file);
    } catch (NoSuchFileException e) {
      throw new ChatException(Fault.of("no such file").where(file), e);
    } catch (IOException e) {
      throw new ChatException(Fault.of("the file can't be read").got(e).where(file), e);
    }
    conversation.replace(saved);
    saved.stream()
        .filter(m -> m.role() == Role.SYSTEM)
        .findFirst()
        .ifPresent(m -> settings = settings.withSystem(m.content()));
    out.println("Loaded " + conversation.turns().size() + " turns from " + file + ".");
  }

  private static Path file(String name) {
    if (name.isEmpty()) {
      throw new ChatException(Fault.of("a file name is missing"));
    }
    // As a shell would read it.
    String home = System.getProperty("user.home", "");
    String path = unquoted(name);
    try {
      return Path.of(path.startsWith("~/") ? home + path.substring(1) : path).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new ChatException(Fault.of("not a file name").got(name), e);
    }
  }

  private static String unquoted(String text) {
    boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return isQuoted ? text.substring(1, text.length() - 1) : text;
  }

  private static String orNone(@Nullable String text) {
    return text == null ? "(none)" : text;
  }
}
