package dev.nearside.hub.store;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names from outside made safe for every file system, Windows included. */
public final class SafeNames {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@=-]{0,199}");
  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

  private SafeNames() {}

  /**
   * True when a name from a server or manifest is one safe path segment: no separators, no {@code
   * ..}, none of Windows's reserved names, no odd characters.
   */
  public static boolean isFile(String name) {
    return FILE.matcher(name).matches()
        && !name.contains("..")
        && !name.endsWith(".")
        && !RESERVED.matcher(name).matches();
  }

  /** True for a safe name, or two of them with a {@code /} between: a file in a sub-folder. */
  public static boolean isPath(String path) {
    int slash = path.indexOf('/');
    return slash < 0
        ? isFile(path)
        : isFile(path.substring(0, slash)) && isFile(path.substring(slash + 1));
  }

  /** True for 64 lower-case hex digits. */
  public static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  /**
   * A file name for a model name: readable, and different for names that differ in anything, letter
   * case included. The digest also keeps {@code con} and {@code nul} from being reserved.
   */
  public static String slug(String modelName) {
    String readable = modelName.replaceAll("[^A-Za-z0-9.-]+", "_");
    String cut = readable.length() > 80 ? readable.substring(0, 80) : readable;
    String digest = Digests.hex(Digests.sha256(modelName.getBytes(StandardCharsets.UTF_8)));
    return "m-" + cut.toLowerCase(Locale.ROOT).replace("..", "_") + "-" + digest.substring(0, 12);
  }
}
