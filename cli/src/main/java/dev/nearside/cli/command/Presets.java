package dev.nearside.cli.command;

import dev.nearside.chat.Message;
import dev.nearside.chat.ModelParameters;
import dev.nearside.chat.Preset;
import dev.nearside.chat.Role;
import dev.nearside.hub.ModelSettings;
import java.util.List;
import java.util.Locale;

/** What a made model brings along for each request. */
final class Presets {
  private Presets() {}

  static Preset of(ModelSettings settings) {
    if (settings.equals(ModelSettings.NONE)) {
      return Preset.NONE;
    }
    List<Message> messages = settings.messages().stream().map(Presets::message).toList();
    return new Preset(
        settings.system(), messages, ModelParameters.of(settings.parameters()).limits(), List.of());
  }

  private static Message message(ModelSettings.Turn turn) {
    return new Message(Role.valueOf(turn.role().toUpperCase(Locale.ROOT)), turn.content());
  }
}
