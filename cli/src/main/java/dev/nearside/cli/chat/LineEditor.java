package dev.nearside.cli.chat;

import java.util.Map;
import java.util.Objects;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;

/** The line editor at the chat's prompt. */
final class LineEditor {
  private static final Map<Character, String> CURSOR_KEYS =
      Map.of(
          'A', LineReader.UP_LINE_OR_HISTORY,
          'B', LineReader.DOWN_LINE_OR_HISTORY,
          'C', LineReader.FORWARD_CHAR,
          'D', LineReader.BACKWARD_CHAR,
          'H', LineReader.BEGINNING_OF_LINE,
          'F', LineReader.END_OF_LINE);

  private LineEditor() {}

  static LineReader open(Terminal terminal) {
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer(new StringsCompleter(SlashCommands.NAMES))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    bindCursorKeys(Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN)));
    return reader;
  }

  // A terminal sends ESC [ D or ESC O D for the same key, whatever mode was asked for.
  private static void bindCursorKeys(KeyMap<Binding> keys) {
    CURSOR_KEYS.forEach((letter, widget) ->
        keys.bind(new Reference(widget), KeyMap.esc() + "[" + letter, KeyMap.esc() + "O" + letter));
  }
}
