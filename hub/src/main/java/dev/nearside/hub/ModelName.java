package dev.nearside.hub;

import dev.nearside.base.Fault;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A model name, taken apart. The forms are those of {@link ModelHub}. */
public sealed interface ModelName {

  /** The one spelling under which the store keeps it. */
  String canonical();

  /** {@code name[:tag]}: in the catalogue, or given by {@link ModelHub#copy}. */
  record Plain(String name, @Nullable String tag) implements ModelName {
    @Override
    public String canonical() {
      return name + ":" + (tag == null ? "latest" : tag);
    }
  }

  /** {@code hf.co/user/repo[:QUANT]}. */
  record HuggingFace(String repo, @Nullable String quant) implements ModelName {
    @Override
    public String canonical() {
      return "hf.co/" + repo + (quant == null ? "" : ":" + quant);
    }
  }

  /** {@code modelscope.cn/user/repo[:QUANT]}. */
  record ModelScope(String repo, @Nullable String quant) implements ModelName {
    @Override
    public String canonical() {
      return "modelscope.cn/" + repo + (quant == null ? "" : ":" + quant);
    }
  }

  /** {@code ollama/name[:tag]} or {@code ollama/user/name[:tag]}. */
  record Ollama(String name, String tag) implements ModelName {
    @Override
    public String canonical() {
      return "ollama/" + name + ":" + tag;
    }
  }

  /** A path. */
  record Local(Path path, String text) implements ModelName {
    @Override
    public String canonical() {
      return text;
    }
  }

  Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
  Pattern QUANT_OR_FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");

  /**
   * Takes {@code text} apart; does not look at the disk.
   *
   * @throws HubException when it has none of the forms: empty, control characters, {@code ..} in a
   *     repository, a repository without user
   */
  static ModelName parse(String text, Path workingDirectory) {
    String name = text.strip();
    if (name.isEmpty() || name.length() > 4096 || name.chars().anyMatch(Character::isISOControl)) {
      throw wrong(text, "a model name or path");
    }
    String bare = name.replaceFirst("^https?://", "");
    String lower = bare.toLowerCase(Locale.ROOT);
    for (String prefix : List.of("hf.co/", "huggingface.co/")) {
      if (lower.startsWith(prefix)) {
        Parts parts = Parts.of(bare.substring(prefix.length()), text);
        return new HuggingFace(parts.repo(2, 2), parts.quant());
      }
    }
    for (String prefix : List.of("modelscope.cn/", "www.modelscope.cn/models/")) {
      if (lower.startsWith(prefix)) {
        String rest = bare.substring(prefix.length());
        Parts parts = Parts.of(rest.replaceFirst("^models/", ""), text);
        return new ModelScope(parts.repo(2, 2), parts.quant());
      }
    }
    if (lower.startsWith("ollama/")) {
      Parts parts = Parts.of(bare.substring("ollama/".length()), text);
      String tag = parts.tag() == null ? "latest" : parts.word(parts.tag());
      return new Ollama(parts.repo(1, 2), tag);
    }
    if (looksLikePath(name)) {
      return local(name, text, workingDirectory);
    }
    Parts parts = Parts.of(name, text);
    String tag = parts.tag();
    return new Plain(
        parts.repo(1, 1).toLowerCase(Locale.ROOT),
        tag == null ? null : parts.word(tag).toLowerCase(Locale.ROOT));
  }

  /** True for what only a path can look like. */
  static boolean looksLikePath(String name) {
    return name.startsWith("/")
        || name.startsWith(".")
        || name.startsWith("~")
        || name.contains("\\")
        || name.contains("/")
        || name.matches("[A-Za-z]:[\\\\/].*")
        || name.toLowerCase(Locale.ROOT).endsWith(".gguf");
  }

  private static ModelName local(String name, String text, Path workingDirectory) {
    try {
      String home = System.getProperty("user.home");
      String expanded = name.startsWith("~/") && home != null ? home + name.substring(1) : name;
      return new Local(workingDirectory.resolve(expanded).normalize(), text);
    } catch (InvalidPathException e) {
      throw new HubException(Fault.of("not a path").got(text), e);
    }
  }

  private static HubException wrong(String text, String expected) {
    return new RefusedException(Fault.of("not a model name").got(text).expected(expected));
  }

  /** {@code path[:tag]}, cut at the last colon. */
  record Parts(String path, @Nullable String tag, String text) {

    static Parts of(String rest, String text) {
      String path = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
      int colon = path.lastIndexOf(':');
      return colon < 0
          ? new Parts(path, null, text)
          : new Parts(path.substring(0, colon), path.substring(colon + 1), text);
    }

    String repo(int minWords, int maxWords) {
      String[] words = path.split("/", -1);
      if (words.length < minWords || words.length > maxWords) {
        throw wrong(text, minWords == 2 ? "user/repo[:QUANT]" : "name[:tag]");
      }
      for (String word : words) {
        word(word);
      }
      return path;
    }

    @Nullable String quant() {
      if (tag == null) {
        return null;
      }
      if (!QUANT_OR_FILE.matcher(tag).matches() || tag.contains("..")) {
        throw wrong(text, "a quant format or file name after the colon");
      }
      // A quant format in any case is one name; a file name keeps its letters.
      return tag.contains(".") ? tag : tag.toUpperCase(Locale.ROOT);
    }

    String word(String word) {
      if (!WORD.matcher(word).matches() || word.contains("..")) {
        throw wrong(text, "letters, digits and . _ - only, starting with a letter or digit");
      }
      return word;
    }
  }
}
