import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the Web UI with the npm that is installed; Maven runs it from the folder {@code serve}.
 *
 * <p>It works on a copy in {@code target/web}, so that no package ever lies among the sources, whose
 * times the launcher compares with those of the image. It does nothing where neither the sources
 * nor the result have changed.
 *
 * <p>Without npm, or with a Node that is too old, Nearside is built all the same, and the server
 * has no page; {@code NEARSIDE_UI=required} makes that an error.
 */
final class BuildUi {

  private static final Path SOURCES = Path.of("src/main/ui");
  private static final Path TESTS = Path.of("src/test/ui");
  private static final Path WORK = Path.of("target/web/main/ui");
  private static final Path WORK_TESTS = Path.of("target/web/test/ui");
  private static final Path PLACE = Path.of("dev/nearside/serve/ui");
  private static final String PACKAGES = "node_modules";
  private static final boolean IS_WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");

  /**
   * @param args the folder of classes that the page goes to
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path result = Path.of(args[0]).resolve(PLACE);
    // The launcher's build has a folder of its own: what is new in one may be old in the other.
    String folder = String.valueOf(Path.of(args[0]).toAbsolutePath().getParent().getFileName());
    Path stamp = Path.of("target/web/built-" + folder);
    copy(TESTS, WORK_TESTS);
    String digest = digest(files(SOURCES));
    if (digest.equals(stamp(stamp)) && Files.exists(result.resolve("index.html"))) {
      return;
    }
    String trouble = troubleWithNode();
    if (trouble == null) {
      trouble = build(result);
    }
    if (trouble == null) {
      Files.writeString(stamp, digest);
      return;
    }
    boolean isRequired = "required".equals(System.getenv("NEARSIDE_UI"));
    System.err.printf("[%s] the Web UI is not built: %s%n", isRequired ? "ERROR" : "WARNING", trouble);
    System.exit(isRequired ? 1 : 0);
  }

  /** What is wrong, in one line; null if nothing is. */
  private static String build(Path result) throws IOException, InterruptedException {
    Files.createDirectories(WORK);
    copy(SOURCES, WORK);
    String lock = digest(List.of(WORK.resolve("package-lock.json")));
    Path installed = WORK.resolve(PACKAGES).resolve(".nearside");
    if (!lock.equals(stamp(installed))) {
      if (run(List.of(npm(), "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"), result) != 0) {
        return "npm ci failed (it needs the network once)";
      }
      Files.writeString(installed, lock);
    }
    return run(List.of(npm(), "run", "--silent", "build"), result) == 0 ? null : "vite build failed";
  }

  private static String troubleWithNode() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = Pattern.compile("v(\\d+)\\.(\\d+)").matcher(version);
      if (process.waitFor() != 0 || !matcher.find()) {
        return "node --version says \"" + version.strip() + "\"";
      }
      int major = Integer.parseInt(matcher.group(1));
      int minor = Integer.parseInt(matcher.group(2));
      boolean isRecent = major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19);
      return isRecent ? null : "needs Node 20.19, or 22.12 or newer, and found " + version.strip();
    } catch (IOException e) {
      return "needs Node 20.19, or 22.12 or newer, with npm, and found none";
    }
  }

  private static String npm() {
    return IS_WINDOWS ? "npm.cmd" : "npm";
  }

  private static int run(List<String> command, Path result) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(WORK.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("NEARSIDE_UI_OUT", result.toAbsolutePath().toString());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectInput(new File(IS_WINDOWS ? "NUL" : "/dev/null"));
    try {
      return builder.start().waitFor();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return -1;
    }
  }

  /** Makes {@code to} hold the files of {@code from}; its packages stay. */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path old : files(to)) {
      if (!Files.exists(from.resolve(to.relativize(old)))) {
        Files.delete(old);
      }
    }
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            boolean isOthers = at.getFileName().toString().equals(PACKAGES);
            return isOthers ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    return files.stream().sorted().toList();
  }

  private static String digest(List<Path> files) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        sha.update(file.toString().getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String stamp(Path file) throws IOException {
    try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.of("")) {
      return lines.findFirst().orElse("");
    }
  }
}
