package dev.nearside.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the floors of docs/architecture.md: a module imports only lower floors. The module system
 * refuses cycles, but nothing else refuses a step up or sideways.
 *
 * <p>It reads the sources of all modules beside this one, so it sees those that {@code cli} does
 * not depend on too, and it does not matter what was built.
 */
class FloorsTest {
  /** Every module and its floor. A new module gets a line here. */
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          entry("base", 0),
          entry("tensor", 1),
          entry("tokenizer", 1),
          entry("jinja", 1),
          entry("chat", 1),
          entry("hub", 1),
          entry("format", 2),
          entry("testkit", 2),
          entry("grammar", 2),
          entry("model", 3),
          entry("engine", 4),
          entry("tune", 4),
          entry("media", 4),
          entry("hybrid", 5),
          entry("agent", 5),
          entry("serve", 6),
          entry("bench", 7),
          entry("cli", 7),
          entry("fleet", 7));

  /** Imports of a sibling that the design allows. */
  private static final Map<String, Set<String>> SIBLINGS = Map.of("testkit", Set.of("format"));

  /** Imports of a lower floor that the design forbids: serve sees no engine internals. */
  private static final Map<String, Set<String>> FORBIDDEN =
      Map.of("serve", Set.of("engine", "tune", "media", "model", "format", "tensor"));

  /** Who may see the kernels: layers and architectures, and the tuner. */
  private static final Set<String> KERNEL_USERS = Set.of("model", "tune");

  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
  private static final Pattern NAME =
      Pattern.compile("module\\s+dev\\.nearside\\.(\\w+)\\s*\\{", Pattern.DOTALL);
  private static final Pattern REQUIRES =
      Pattern.compile("requires\\s+(?:static\\s+|transitive\\s+)*dev\\.nearside\\.(\\w+)\\s*;");
  private static final Pattern KERNEL_EXPORT =
      Pattern.compile("exports\\s+dev\\.nearside\\.tensor\\.kernel[\\w.]*\\s*(?:to\\s+([^;]+))?;");

  @Test
  void everyModule_hasAFloor_andImportsOnlyLowerOnes() throws IOException {
    Map<String, String> modules = modules();
    assertTrue(modules.containsKey("base") && modules.containsKey("cli"), "modules were found");
    assertAll(
        modules.entrySet().stream()
            .map(module -> () -> assertEquals(List.of(), faults(module), "in " + module.getKey())));
  }

  @Test
  void kernels_areExportedOnlyToTheirUsers() throws IOException {
    String tensor = modules().get("tensor");
    List<MatchResult> exports = KERNEL_EXPORT.matcher(tensor).results().toList();
    assertTrue(!exports.isEmpty(), "tensor exports its kernels");
    for (MatchResult export : exports) {
      assertTrue(export.group(1) != null, "an unqualified export: " + export.group());
      Set<String> users =
          Stream.of(export.group(1).split(","))
              .map(user -> user.strip().replace("dev.nearside.", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      users.removeAll(KERNEL_USERS);
      assertEquals(Set.of(), users, "these may not see the kernels");
    }
  }

  @Test
  void everyPackage_isNullMarked() throws IOException {
    Set<Path> unmarked = new TreeSet<>();
    for (Path folder : sourceFolders()) {
      for (Path file : javaFiles(folder)) {
        Path info = file.resolveSibling("package-info.java");
        boolean isModuleInfo = file.endsWith("module-info.java");
        if (!isModuleInfo && !(Files.exists(info) && read(info).contains("@NullMarked\npackage"))) {
          unmarked.add(file.getParent());
        }
      }
    }
    assertEquals(Set.of(), unmarked, "packages without a @NullMarked package-info.java");
  }

  private static List<String> faults(Map.Entry<String, String> module) {
    String name = module.getKey();
    Integer floor = FLOORS.get(name);
    if (floor == null) {
      return List.of("no floor in FloorsTest.FLOORS");
    }
    return REQUIRES
        .matcher(module.getValue())
        .results()
        .map(result -> result.group(1))
        .filter(required ->
            FORBIDDEN.getOrDefault(name, Set.of()).contains(required)
                || (FLOORS.getOrDefault(required, Integer.MAX_VALUE) >= floor
                    && !SIBLINGS.getOrDefault(name, Set.of()).contains(required)))
        .map(required -> "may not require " + required)
        .toList();
  }

  /** The module descriptors' sources without comments, by short module name. */
  private static Map<String, String> modules() throws IOException {
    Map<String, String> modules = new TreeMap<>();
    for (Path folder : sourceFolders()) {
      Path info = folder.resolve("module-info.java");
      if (Files.exists(info)) {
        String text = COMMENT.matcher(read(info)).replaceAll("");
        MatchResult name =
            NAME.matcher(text).results().findFirst().orElseThrow(() -> new AssertionError(info));
        modules.put(name.group(1), text);
      }
    }
    return modules;
  }

  private static List<Path> sourceFolders() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    }
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).replace("\r\n", "\n");
  }
}
