package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.TensorType;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Packed weights and processes: several at once, and one whose disk is full. */
@Timeout(300)
class PackedProcessTest {
  private @TempDir Path temp;
  private final List<Process> started = new ArrayList<>();
  private Path model = Path.of("");
  private Path folder = Path.of("");
  private String expected = "";

  @BeforeEach
  void write() {
    model = temp.resolve("model.gguf");
    folder = temp.resolve("packed");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
    try (Feeder feeder = Feeder.open(model, "vector", 2)) {
      expected = "LOGITS " + PackedMain.logits(feeder);
    }
  }

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String log, String... before) throws Exception {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            classPath(),
            PackedMain.class.getName(),
            model.toString(),
            folder.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve(log).toFile())
            .start();
    started.add(process);
    return process;
  }

  private static String classPath() throws URISyntaxException {
    List<String> out = new ArrayList<>();
    out.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    for (Class<?> type :
        List.of(PackedMain.class, Models.class, TensorFile.class, TensorType.class, Fault.class)) {
      out.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, out);
  }

  private void assertAnswer(Process process, String log) throws Exception {
    assertTrue(process.waitFor(200, TimeUnit.SECONDS));
    String output = Files.readString(temp.resolve(log));
    assertEquals(0, process.exitValue(), output);
    assertTrue(output.contains(expected), output);
  }

  private List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void load_inSeveralProcessesAtOnce_allAnswerAndLeaveOneGoodFile() throws Exception {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(start("log" + i));
    }
    for (int i = 0; i < 3; i++) {
      assertAnswer(all.get(i), "log" + i);
    }
    assertEquals(1, PackedFiles.list(folder).size());
    assertEquals(List.of(), PackedFiles.verify(folder));
    assertEquals(List.of(), names().stream().filter(name -> name.endsWith(".tmp")).toList());
    assertAnswer(start("again"), "again");
  }

  @Test
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "a limit of files' size stands for a full disk")
  void load_diskFullWhileWriting_answersAndLeavesNothing() throws Exception {
    assertAnswer(start("full", "sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"), "full");
    assertEquals(List.of(), names());
    assertAnswer(start("room"), "room");
    assertEquals(1, PackedFiles.list(folder).size());
    // A good file is not lost to one that can't be written.
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
    List<String> before = names();
    assertAnswer(start("full", "sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"), "full");
    assertEquals(before, names());
    assertAnswer(start("room"), "room");
  }
}
