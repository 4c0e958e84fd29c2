package dev.nearside.cli.chat;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A chat in a file: {@code {"model": …, "messages": [{"role": …, "content": …}, …]}}. */
final class ChatFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MAX_BYTES = 64L << 20;

  private ChatFile() {}

  /**
   * Writes a chat; an older file is replaced only when the new one is whole.
   *
   * @throws ChatException when something else than a file has this name
   */
  static void save(Path file, String model, List<Message> messages) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || (Files.exists(file) && !Files.isRegularFile(file))) {
      throw new ChatException(
          Fault.of("the chat can't be saved")
              .got(Files.isDirectory(file) ? "a folder" : "a device or the like")
              .expected("the name of a file")
              .where(file));
    }
    ObjectNode root = JSON.createObjectNode();
    root.put("model", model);
    ArrayNode list = root.putArray("messages");
    for (Message m : messages) {
      list.addObject().put("role", m.role().wireName()).put("content", m.content());
    }
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    Path temp = Files.createTempFile(folder, ".nearside-chat", ".tmp");
    try {
      Files.writeString(temp, text);
      Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /**
   * Reads a chat.
   *
   * @throws ChatException when the file is not one
   */
  static List<Message> load(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw broken(file, "at most " + MAX_BYTES + " bytes");
    }
    try {
      JsonNode list = JSON.readTree(Files.readString(file)).path("messages");
      if (!list.isArray()) {
        throw broken(file, "a list of messages");
      }
      List<Message> out = new ArrayList<>();
      for (JsonNode m : list) {
        out.add(message(file, m));
      }
      return out;
    } catch (JacksonException e) {
      throw new ChatException(
          Fault.of("not a saved chat").got(e.getOriginalMessage()).where(file), e);
    } catch (CharacterCodingException e) {
      throw new ChatException(Fault.of("not a saved chat").expected("UTF-8").where(file), e);
    }
  }

  private static Message message(Path file, JsonNode m) {
    String role = m.path("role").asString("");
    for (Role r : Role.values()) {
      if (r.wireName().equals(role.toLowerCase(Locale.ROOT)) && m.path("content").isString()) {
        return new Message(r, m.path("content").stringValue());
      }
    }
    throw broken(file, "messages with a role and a content");
  }

  private static ChatException broken(Path file, String expected) {
    return new ChatException(Fault.of("not a saved chat").expected(expected).where(file));
  }
}
