package dev.nearside.cli.command;

import dev.nearside.base.Machine;
import dev.nearside.base.NearsideException;
import dev.nearside.engine.power.EnergyMeter;
import dev.nearside.engine.power.EnergyMeters;
import dev.nearside.engine.power.EnergySource;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.model.Compute;
import dev.nearside.model.PackedFiles;
import dev.nearside.model.PackedFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nearside doctor}: what this machine can do, and what stands in the way. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Show what this machine offers: processor, kernels, memory, and the models that fit.",
      "",
      "Warnings stand at the end; they do not change the exit code.",
      "",
      "With --verify: read every file of every model, and compare it with its digest; packed weights"
          + " with their checksums. What is wrong is a warning."
    },
    footer = {
      "",
      "Examples:",
      "  nearside doctor",
      "  nearside doctor --json",
      "  nearside doctor --verify"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final long LITTLE_MEMORY = 2L << 30;
  private static final long LITTLE_DISK = 2L << 30;

  private final CliContext context;
  private final List<String> warnings = new ArrayList<>();

  @Option(names = "--verify", description = "Read all files of all models and check them.")
  boolean isVerify;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  DoctorCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ModelHub hub = context.hub(true);
    HubConfig config =
        HubConfig.fromEnvironment(context.env(), Path.of(System.getProperty("user.home")));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("cpu", cpu());
    report.put("memory", memory());
    report.put("java", java());
    report.put("kernels", kernels());
    report.put("energy", energy());
    report.put("home", home(config, hub));
    report.put("packed", packed());
    report.put("models", models(hub));
    if (isVerify) {
      context.err().println("reading all files of all models");
      report.put("verify", new ModelAudit(hub, folder().path()).run(warnings));
    }
    report.put("environment", environment());
    report.put("warnings", warnings);
    if (isJson) {
      Json.print(context, report);
    } else {
      FileParts.print(context.out(), forPeople(report));
    }
    return 0;
  }

  private static Map<String, Object> cpu() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", Machine.cpuName());
    out.put("arch", System.getProperty("os.arch"));
    out.put("cores", Runtime.getRuntime().availableProcessors());
    out.put("features", CpuFeatures.find());
    return out;
  }

  private Map<String, Object> memory() {
    long total = Machine.memoryBytes();
    if (total < LITTLE_MEMORY) {
      warnings.add("little memory: only the smallest models fit");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("total_bytes", total);
    out.put("free_bytes", Machine.freeMemoryBytes());
    out.put("java_heap_bytes", Runtime.getRuntime().maxMemory());
    return out;
  }

  private Map<String, Object> java() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("version", Runtime.version().toString());
    out.put("vendor", System.getProperty("java.vendor"));
    out.put("home", System.getProperty("java.home"));
    out.put("vector_module", ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    out.put("aot_cache", aot());
    return out;
  }

  /** The AOT cache that the JVM was started with, if its file is there. */
  private static String aot() {
    String flag = "-XX:AOTCache=";
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(flag))
        .map(argument -> argument.substring(flag.length()))
        .findFirst()
        .map(file -> Files.exists(Path.of(file)) ? file : "missing: " + file)
        .orElse("none");
  }

  private Map<String, Object> kernels() {
    Map<String, Object> out = new LinkedHashMap<>();
    try (Compute compute = Compute.create(context.env().get("NEARSIDE_KERNELS"), 1)) {
      out.put("name", compute.name());
      out.put("reason", compute.reason());
      out.put("threads", Runtime.getRuntime().availableProcessors());
      if (compute.name().equals("scalar") || compute.name().equals("reference")) {
        warnings.add("the " + compute.name() + " kernels are chosen: " + compute.reason());
      }
    } catch (NearsideException e) {
      out.put("error", e.fault().message());
      warnings.add("no kernels: " + e.fault().message());
    }
    return out;
  }

  // No warning: most machines are so.
  private static Map<String, Object> energy() throws InterruptedException {
    return switch (EnergyMeters.ofMachine().any()) {
      case EnergySource.Counted(EnergyMeter meter) -> Map.of("source", meter.source());
      case EnergySource.Uncounted(String why) -> Map.of("obstacle", why);
    };
  }

  private Map<String, Object> home(HubConfig config, ModelHub hub) {
    Path home = config.home();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("path", home.toString());
    out.put("exists", Files.isDirectory(home));
    try {
      out.put("used_bytes", size(home));
      long free = existing(home).toFile().getUsableSpace();
      out.put("disk_free_bytes", free);
      if (free < LITTLE_DISK) {
        warnings.add("little space on the disk of " + home + ": " + Sizes.bytes(free));
      }
      out.put("models", hub.list().size());
      out.put("cached_models", hub.cached().size());
    } catch (IOException | UncheckedIOException | NearsideException e) {
      warnings.add("the home folder can't be read: " + e.getMessage());
    }
    return out;
  }

  private PackedFolder folder() {
    return new PackedFlag().folder(context);
  }

  /** Weights as the kernels lay them out. */
  private Map<String, Object> packed() {
    PackedFolder folder = folder();
    List<PackedFiles.Entry> files = PackedFiles.list(folder.path());
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("path", folder.path().toString());
    out.put("files", files.size());
    out.put("used_bytes", files.stream().mapToLong(PackedFiles.Entry::bytes).sum());
    out.put("limit_bytes", folder.maxBytes());
    return out;
  }

  /** The folder, or the nearest one above it that exists. */
  private static Path existing(Path folder) {
    Path at = folder.toAbsolutePath();
    while (at.getParent() != null && !Files.exists(at)) {
      at = at.getParent();
    }
    return at;
  }

  private static long size(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static Map<String, Object> models(ModelHub hub) {
    long room = Models.memoryForModels();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("memory_for_models_bytes", room);
    out.put("fit", hub.fitting(room, Set.of()).stream().map(CatalogueEntry::name).toList());
    best(hub, room, "en", "best_for_english", out);
    best(hub, room, "zh", "best_for_chinese", out);
    return out;
  }

  private static void best(
      ModelHub hub, long room, String language, String key, Map<String, Object> out) {
    hub.fitting(room, Set.of(language)).stream()
        .findFirst()
        .ifPresent(entry -> out.put(key, entry.name()));
  }

  /** Settings in effect; secrets only as being set. */
  private Map<String, Object> environment() {
    Map<String, Object> out = new TreeMap<>();
    context
        .env()
        .forEach((name, value) -> {
          if (!value.isBlank() && isOurs(name)) {
            out.put(name, isSecret(name) ? "(set)" : value.replaceAll("//[^/@]*@", "//…@"));
          }
        });
    return out;
  }

  private static boolean isOurs(String name) {
    return name.startsWith("NEARSIDE_")
        || Set.of(
                "HF_HOME",
                "HF_HUB_CACHE",
                "HF_ENDPOINT",
                "HF_TOKEN",
                "HF_HUB_OFFLINE",
                "MODELSCOPE_ENDPOINT",
                "OLLAMA_REGISTRY",
                "OLLAMA_MODELS",
                "SSL_CERT_FILE",
                "HTTP_PROXY",
                "HTTPS_PROXY",
                "ALL_PROXY",
                "NO_PROXY")
            .contains(name.toUpperCase(Locale.ROOT));
  }

  private static boolean isSecret(String name) {
    return name.contains("TOKEN") || name.contains("KEY") || name.contains("SECRET");
  }

  /** The report with sizes as people read them. */
  private static Map<String, Object> forPeople(Map<?, ?> report) {
    Map<String, Object> out = new LinkedHashMap<>();
    report.forEach((name, value) -> {
      String text = String.valueOf(name);
      switch (value) {
        case Map<?, ?> inner when text.equals("environment") ->
            out.put(text, inner.isEmpty() ? "none" : inner);
        case Map<?, ?> inner -> out.put(text, forPeople(inner));
        case List<?> list when list.isEmpty() -> out.put(text, "none");
        case Long bytes when text.endsWith("_bytes") ->
            out.put(text.replace("_bytes", ""), Sizes.bytes(bytes));
        default -> out.put(text.replace('_', ' '), value);
      }
    });
    return out;
  }
}
