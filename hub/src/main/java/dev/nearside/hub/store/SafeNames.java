package dev.nearside.hub.store;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
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
   * A file name that a server or manifest gave, as one safe path segment.
   *
   * @throws HubException for separators, {@code ..}, Windows's reserved names, odd characters
   */
  public static String file(String name) {
    if (!FILE.matcher(name).matches()
        || name.contains("..")
        || name.endsWith(".")
        || RESERVED.matcher(name).matches()) {
      throw new HubException(
          Fault.of("a file name that is not safe to use")
              .got(name)
              .expected("letters, digits and . _ - + @ ="));
    }
    return name;
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
