package dev.nearside.hub.modelfile;

import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelSettings;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Modelfile, read.
 *
 * @param from a model's name, or a path
 * @param adapters paths of adapters
 * @param settings all else; without a parent
 * @see <a href="https://docs.ollama.com/modelfile">its description</a>
 */
public record Modelfile(String from, List<String> adapters, ModelSettings settings) {
  public Modelfile {
    adapters = List.copyOf(adapters);
  }

  /** One that makes a model as this one is, of its files. */
  public static Modelfile of(LocalModel model) {
    List<String> adapters = model.adapters().stream().map(a -> a.path().toString()).toList();
    return new Modelfile(model.path().toString(), adapters, model.settings());
  }

  /** The text of a Modelfile that {@link ModelfileParser} reads as this one. */
  public String text() {
    StringJoiner out = new StringJoiner("\n");
    out.add("FROM " + from);
    if (settings.template() != null) {
      out.add("TEMPLATE " + quoted(settings.template()));
    }
    if (settings.system() != null) {
      out.add("SYSTEM " + quoted(settings.system()));
    }
    parameters(settings.parameters()).forEach(p -> out.add("PARAMETER " + p.name + " " + p.value));
    adapters.forEach(adapter -> out.add("ADAPTER " + adapter));
    settings.messages().forEach(m -> out.add("MESSAGE " + m.role() + " " + quoted(m.content())));
    settings.licenses().forEach(license -> out.add("LICENSE " + quoted(license)));
    return out + "\n";
  }

  /**
   * One line of {@link #parameters}.
   *
   * @param value as a Modelfile has it: texts in quotes
   */
  public record Line(String name, String value) {}

  /** Parameters, one line each; a list has a line for each of its members. */
  public static List<Line> parameters(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .flatMap(e ->
            e.getValue() instanceof List<?> several
                ? several.stream().map(member -> new Line(e.getKey(), value(member)))
                : Stream.of(new Line(e.getKey(), value(e.getValue()))))
        .toList();
  }

  private static String value(@Nullable Object value) {
    return value instanceof String text ? quoted(text) : String.valueOf(value);
  }

  private static String quoted(String text) {
    boolean isPlain = !text.contains("\"") && !text.contains("\n") && !text.contains("\r");
    return isPlain ? "\"" + text + "\"" : "\"\"\"" + text + "\"\"\"";
  }
}
