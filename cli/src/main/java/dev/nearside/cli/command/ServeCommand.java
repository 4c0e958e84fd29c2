package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.base.Machine;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.PresetModels;
import dev.nearside.cli.remote.ServerFile;
import dev.nearside.engine.AdapterFile;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.ServingOptions;
import dev.nearside.engine.pool.ModelPool;
import dev.nearside.engine.pool.PoolOptions;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.model.Compute;
import dev.nearside.serve.Host;
import dev.nearside.serve.NearsideServer;
import dev.nearside.serve.ServeException;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside serve}: the HTTP server. */
@Command(
    name = "serve",
    description = "Serves models to clients of OpenAI, Ollama and Anthropic.",
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
  private static final int DEFAULT_PARALLEL = 8;
  private static final int MAX_PORT = 65535;

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description =
          "Models to load at once and never unload; others load when asked for. Without any, the"
              + " default model is loaded ahead if it is here.")
  List<String> models = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The address to listen at; also NEARSIDE_HOST. Default: 127.0.0.1.")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 takes any that is free. Default: 11500.")
  @Nullable Integer port;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Requests that one model answers at once; default: ${DEFAULT-VALUE}.")
  int parallel = DEFAULT_PARALLEL;

  @Option(
      names = "--keep-alive",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a model stays loaded when nobody asks for it, such as 30s, 5m, 1h; -1 = for"
              + " ever. Default: 5m.")
  Duration keepAlive = Duration.ofMinutes(5);

  @Option(
      names = "--memory",
      paramLabel = "GB",
      description = "Memory for all loaded models; default: 70 percent of the machine's.")
  @Nullable Double memoryGigabytes;

  @Option(
      names = "--lora",
      paramLabel = "FILE",
      description =
          "A LoRA adapter (GGUF) that requests may use by the file's name without .gguf:"
              + " \"lora\": [{\"id\": NAME, \"scale\": 1}]. May be repeated.")
  List<Path> lora = new ArrayList<>();

  @Option(
      names = "--draft",
      paramLabel = "[MODEL=]DRAFT",
      description =
          "A small model with the same vocabulary that guesses what MODEL says; it changes the speed"
              + " and no token. Without MODEL=: for the one model that is named here, or else the"
              + " default model, for which NEARSIDE_DRAFT may name it too. May be repeated.")
  List<String> drafts = new ArrayList<>();

  @Option(
      names = "--kv-disk",
      paramLabel = "GB",
      description =
          "Disk space for the keys and values of prompts, which make the next prompt that starts"
              + " alike quick, also after a restart; 0 = none. Default: ${DEFAULT-VALUE}.")
  double diskGigabytes = 4;

  @Option(
      names = "--no-speculation",
      description = "Never guess tokens ahead; it changes no reply, only its speed.")
  boolean isPlain;

  @Mixin ServeLimits limits = new ServeLimits();
  @Mixin EngineFlags engineFlags = new EngineFlags();

  ServeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkUsage();
    String token = UUID.randomUUID().toString();
    ServerOptions limited = limits.apply(address(), context);
    ServerOptions options = limited.withAccess(limited.access().withToken(token));
    ModelHub hub = context.hub(engineFlags.isOffline);
    Models names = new Models(context, hub);
    Map<String, String> chosenDrafts = chosenDrafts(hub, names);
    EngineOptions engineOptions =
        engineFlags
            .toOptions(context.env())
            .withServing(serving())
            .withAdapters(lora.stream().map(ServeCommand::adapter).toList())
            .withPackedFolder(context.packedFolder());
    List<String> pinned = new ArrayList<>();
    for (String model : models) {
      pinned.add(names.ready(model).name());
    }
    Map<String, LocalModel> draftModels = new HashMap<>();
    for (Map.Entry<String, String> entry : chosenDrafts.entrySet()) {
      LocalModel helped = names.ready(entry.getKey());
      draftModels.put(helped.name(), names.ready(entry.getValue()));
    }
    // Whoever sends requests chooses among models, not among files.
    ModelHub named = hub.withoutPaths(new HashSet<>(pinned));
    HubModels source = new HubModels(named, engineOptions, draftModels);
    PoolOptions poolOptions = new PoolOptions(memory(), keepAlive, new HashSet<>(pinned));
    Clock clock = Clock.systemUTC();
    try (ModelPool pool = new ModelPool(source, poolOptions, clock)) {
      for (String model : pinned) {
        pool.preload(model, Duration.ofSeconds(-1));
      }
      Services services =
          new Services(
              new PresetModels(pool, source::preset),
              named,
              names.defaultName(),
              VersionProvider.version(),
              clock,
              new Workshop(),
              new Host(kernels(), memory()));
      try (NearsideServer server =
          NearsideServer.start(services, options, () -> EngineSamples.of(pool))) {
        announce(server, token);
        if (pinned.isEmpty()) {
          named.find(names.defaultName()).ifPresent(model -> preload(pool, model.name()));
        }
        server.join();
      }
    }
    return 0;
  }

  // The first question should not have to wait for it.
  private void preload(ModelPool pool, String model) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            pool.preload(model, null);
          } catch (NearsideException e) {
            context.err().println("could not load " + model + " ahead: " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
          }
        });
  }

  private Map<String, String> chosenDrafts(ModelHub hub, Models names) {
    // Nobody asked for the default model itself: it is not pulled because of the variable.
    boolean isHere = hub.find(names.defaultName()).isPresent();
    return DraftFlag.choose(
        spec.commandLine(),
        drafts,
        models,
        names.defaultName(),
        isHere ? context.env().get(DraftFlag.VARIABLE) : null);
  }

  // Of several models one may suit: a request says whether it wants it.
  private static AdapterFile adapter(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ServeException(Fault.of("there is no such adapter").got(file), null);
    }
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "");
    return new AdapterFile(name, file.toAbsolutePath(), 0f);
  }

  private ServingOptions serving() {
    Path folder = context.hubConfig().home().resolve("kv");
    long bytes = (long) (diskGigabytes * 1e9);
    return ServingOptions.DEFAULTS
        .withSlots(parallel)
        .withSpeculation(!isPlain)
        .withKept(bytes == 0 ? null : new ServingOptions.Kept(folder, bytes));
  }

  // Commands of the same home find the server by its file.
  private void announce(NearsideServer server, String token) throws IOException {
    Path home = context.hubConfig().home();
    ServerFile file = new ServerFile(server.uri(), ProcessHandle.current().pid(), token);
    file.write(home);
    StopSignals.handle(() -> {
      try {
        file.delete(home);
      } catch (IOException e) {
        context.err().println("the file of this server is left behind: " + e.getMessage());
      }
      server.close();
    });
    context.err().println("listening at " + server.uri() + " (Ctrl-C stops)");
  }

  private void checkUsage() {
    engineFlags.check(spec.commandLine());
    limits.check(spec.commandLine());
    if (parallel < 1 || parallel > 256) {
      throw new ParameterException(spec.commandLine(), "--parallel must be from 1 to 256");
    }
    if (memoryGigabytes != null && memoryGigabytes <= 0) {
      throw new ParameterException(spec.commandLine(), "--memory must be positive");
    }
    if (!(diskGigabytes >= 0)) {
      throw new ParameterException(spec.commandLine(), "--kv-disk can't be negative");
    }
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535");
    }
  }

  private String kernels() {
    try (Compute compute = Compute.create(context.env().get("NEARSIDE_KERNELS"), 1)) {
      return compute.name();
    }
  }

  private long memory() {
    return memoryGigabytes == null
        ? Machine.memoryBytes() * 7 / 10
        : (long) (memoryGigabytes * 1e9);
  }

  // NEARSIDE_HOST may hold a port too, as OLLAMA_HOST does.
  private ServerOptions address() {
    HostPort given = HostPort.of(context.env().getOrDefault("NEARSIDE_HOST", ""));
    String chosenHost = host != null ? host : given.host();
    int chosenPort = port != null ? port : given.port();
    return ServerOptions.DEFAULTS.withAddress(chosenHost, chosenPort);
  }
}
