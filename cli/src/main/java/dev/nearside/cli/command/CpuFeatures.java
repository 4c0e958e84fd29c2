package dev.nearside.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The processor's instruction sets that matter to kernels. */
final class CpuFeatures {
  private static final List<String> OF_INTEREST =
      List.of(
          "sse4_2",
          "avx",
          "f16c",
          "fma",
          "avx2",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_tile",
          "amx_int8",
          "amx_bf16",
          "asimd",
          "asimdhp",
          "asimddp",
          "i8mm",
          "bf16",
          "sve",
          "sve2");

  private CpuFeatures() {}

  /** In the order of their age; empty where the system does not tell. */
  static List<String> find() {
    Set<String> all = new TreeSet<>();
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      lines
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .findFirst()
          .ifPresent(line ->
              all.addAll(Arrays.asList(line.substring(line.indexOf(':') + 1).split("\\s+"))));
    } catch (IOException | UncheckedIOException e) {
      // No such file outside Linux.
      all.addAll(ofMac());
    }
    return OF_INTEREST.stream().filter(all::contains).toList();
  }

  /** What {@code sysctl} says on macOS, under Linux's names. */
  private static Set<String> ofMac() {
    Set<String> all = new TreeSet<>();
    if (!System.getProperty("os.name").startsWith("Mac")) {
      return all;
    }
    try {
      Process process =
          new ProcessBuilder("/usr/sbin/sysctl", "hw.optional", "machdep.cpu")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      text.lines().forEach(line -> addMac(line.toLowerCase(Locale.ROOT), all));
    } catch (IOException e) {
      // Without sysctl nothing is known, and nothing is said.
      all.clear();
    }
    return all;
  }

  private static void addMac(String line, Set<String> all) {
    if (line.contains("features:")) {
      for (String word : line.substring(line.indexOf(':') + 1).split("\\s+")) {
        all.add(word.replace("avx1.0", "avx").replace("sse4.2", "sse4_2"));
      }
    } else if (line.endsWith(": 1")) {
      switch (line.substring(0, line.length() - 3)) {
        case "hw.optional.neon", "hw.optional.advsimd" -> all.add("asimd");
        case "hw.optional.arm.feat_fp16" -> all.add("asimdhp");
        case "hw.optional.arm.feat_dotprod" -> all.add("asimddp");
        case "hw.optional.arm.feat_i8mm" -> all.add("i8mm");
        case "hw.optional.arm.feat_bf16" -> all.add("bf16");
        default -> {}
      }
    }
  }
}
