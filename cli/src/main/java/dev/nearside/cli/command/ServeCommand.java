package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import dev.nearside.chat.PresetModels;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.pool.ModelPool;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.model.Compute;
import dev.nearside.serve.Host;
import dev.nearside.serve.NearsideServer;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside serve}: the HTTP server. */
@Command(
    name = "serve",
    description = {
      "Serve models to clients of OpenAI, Ollama and Anthropic.",
      "",
      "When it is ready, 'listening at URL' is written to standard error: 'nearside run' and the"
          + " other commands of this home then use the models that it holds. Ctrl-C ends it."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  nearside serve",
      "  nearside serve smollm2:135m --port 8080",
      "  nearside serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem"
    })
public final class ServeCommand implements Callable<Integer>, Computing {
  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description =
          "Models to load at once and never unload; others load when asked for. Without any, the"
              + " default model is loaded ahead if it is here.")
  List<String> models = new ArrayList<>();

  @Mixin ServeAddress address = new ServeAddress();
  @Mixin ServePool pool = new ServePool();
  @Mixin ServeSpeculation speculation = new ServeSpeculation();
  @Mixin ServeLimits limits = new ServeLimits();
  @Mixin EngineFlags engineFlags = new EngineFlags();
  @Mixin PackedFlag packed = new PackedFlag();

  ServeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkUsage();
    String token = UUID.randomUUID().toString();
    ServerOptions limited = limits.apply(address.options(context.env()), context);
    ServerOptions options = limited.withAccess(limited.access().withToken(token));
    ModelHub hub = context.hub(engineFlags.isOffline);
    Models names = new Models(context, hub);
    Map<String, String> drafts =
        speculation.choose(
            spec.commandLine(),
            models,
            hub,
            names.defaultName(),
            context.env().get(DraftFlag.VARIABLE));
    Path home = context.hubConfig().home();
    EngineOptions engineOptions =
        speculation
            .apply(pool.apply(engineFlags.toOptions(context.env()), home))
            .withPackedFolder(packed.folder(context));
    List<String> pinned = new ArrayList<>();
    for (String model : models) {
      pinned.add(names.ready(model).name());
    }
    // Whoever sends requests chooses among models, not among files.
    ModelHub named = hub.withoutPaths(new HashSet<>(pinned));
    Map<String, LocalModel> draftModels = ServeSpeculation.ready(drafts, names);
    HubModels source = new HubModels(named, engineOptions, draftModels);
    Clock clock = Clock.systemUTC();
    try (ModelPool loaded = new ModelPool(source, pool.options(new HashSet<>(pinned)), clock)) {
      for (String model : pinned) {
        loaded.preload(model, Duration.ofSeconds(-1));
      }
      Services services =
          new Services(
              new PresetModels(loaded, source::preset),
              named,
              names.defaultName(),
              VersionProvider.version(),
              clock,
              new Workshop(),
              new Host(kernels(), pool.memory()));
      try (NearsideServer server =
          NearsideServer.start(services, options, () -> EngineSamples.of(loaded))) {
        new Announcement(context, home).of(server, token);
        if (pinned.isEmpty()) {
          named.find(names.defaultName()).ifPresent(model -> preload(loaded, model.name()));
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

  private void checkUsage() {
    engineFlags.check(spec.commandLine());
    packed.check(spec.commandLine());
    address.check(spec.commandLine());
    pool.check(spec.commandLine());
    limits.check(spec.commandLine());
  }

  private String kernels() {
    try (Compute compute = Compute.create(context.env().get("NEARSIDE_KERNELS"), 1)) {
      return compute.name();
    }
  }
}
