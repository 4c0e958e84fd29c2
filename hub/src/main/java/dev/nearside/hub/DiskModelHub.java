package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.base.Once;
import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.source.Sources;
import dev.nearside.hub.store.Garbage;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hub over a store on the disk. */
final class DiskModelHub implements ModelHub {

  private final HubConfig config;
  private final Once<Catalogue> catalogue; // read only where a name is no path
  private final Store store;
  private final InPlace inPlace;
  private final Pull pull;
  private final FileIntake intake;
  private final DroppedOriginals originals;
  private final @Nullable Set<String> paths; // that are names; null = all

  DiskModelHub(HubConfig config, Catalogue catalogue) {
    this(config, Once.of(() -> catalogue), null);
  }

  private DiskModelHub(HubConfig config, Once<Catalogue> catalogue, @Nullable Set<String> paths) {
    this.config = config;
    this.paths = paths;
    this.catalogue = catalogue;
    this.store = new Store(config.home());
    this.inPlace = new InPlace(config.caches(), store);
    this.pull = new Pull(config, new HubHttp(config.network()), store, new Sources(config));
    this.intake = new FileIntake(store);
    this.originals = new DroppedOriginals(store);
  }

  static ModelHub open(HubConfig config) {
    return new DiskModelHub(config, Once.of(Catalogue::builtIn), null);
  }

  /** A name, parsed and looked up in the catalogue. */
  private record Target(String text, ModelName name, @Nullable CatalogueEntry entry) {
    /** The name in the store. */
    String canonical() {
      return entry == null ? name.canonical() : entry.name();
    }
  }

  @Override
  public ModelHub withoutPaths(Set<String> except) {
    return new DiskModelHub(config, catalogue, Set.copyOf(except));
  }

  @Override
  public LocalModel resolve(String name) {
    Target target = target(name);
    return uninterrupted(() -> lookUp(target)).orElseThrow(() -> absent(target));
  }

  @Override
  public Optional<LocalModel> find(String name) {
    Target target = target(name);
    if (target.name() instanceof ModelName.Local local && !Files.exists(local.path())) {
      return Optional.empty();
    }
    return uninterrupted(() -> lookUp(target));
  }

  @Override
  public LocalModel pull(String name, PullListener listener) throws InterruptedException {
    Target target = target(name);
    Optional<LocalModel> here = lookUpWhole(target);
    if (here.isPresent()) {
      return here.get();
    }
    boolean hasSource = target.entry() != null || !(target.name() instanceof ModelName.Plain);
    if (!hasSource) {
      throw absent(target);
    }
    Manifest manifest = pull.run(target.canonical(), target.name(), target.entry(), listener);
    LocalModel model = ofStore(manifest);
    listener.onEvent(new PullEvent.Done(model));
    return model;
  }

  @Override
  public long dropOriginal(String name, OriginalFiles files) throws InterruptedException {
    Target target = target(name);
    return originals.drop(stored(target, name), files);
  }

  @Override
  public LocalModel restoreOriginal(String name, OriginalFiles files, PullListener listener)
      throws InterruptedException {
    Target target = target(name);
    Manifest manifest = stored(target, name);
    String parent = manifest.settings().parent();
    boolean isMade = target.entry() == null && target.name() instanceof ModelName.Plain;
    Target source = isMade && parent != null ? target(parent) : target;
    originals.restore(
        manifest,
        files,
        listener,
        () -> {
          if (source.name() instanceof ModelName.Local local) {
            intake.take(local.path());
            return;
          }
          if (source.entry() == null && source.name() instanceof ModelName.Plain) {
            throw absent(source);
          }
          pull.again(target.canonical(), source.name(), source.entry(), listener);
        });
    return ofStore(manifest);
  }

  /** The manifest of a model whose files are ours. */
  private Manifest stored(Target target, String name) {
    return store
        .manifest(target.canonical())
        .orElseThrow(() -> {
          LocalModel other = resolve(name);
          return new RefusedException(
              Fault.of("the model is not in Nearside's store, and its file stays as it is")
                  .got(name)
                  .where(other.path()));
        });
  }

  @Override
  public List<LocalModel> list() {
    List<LocalModel> models = new ArrayList<>();
    for (Manifest manifest : store.listing().manifests()) {
      models.add(describe(manifest, store.pathOf(manifest)));
    }
    if (paths != null) {
      paths.stream()
          .filter(path -> target(path).name() instanceof ModelName.Local)
          .sorted()
          .flatMap(path -> find(path).stream())
          .forEach(models::add);
    }
    return models;
  }

  @Override
  public List<LocalModel> cached() {
    return inPlace.list();
  }

  @Override
  public void remove(String name) {
    Target target = target(name);
    if (uninterrupted(() -> new Garbage(store).remove(target.canonical()))) {
      return;
    }
    LocalModel other = resolve(name);
    throw new RefusedException(
        Fault.of("the model is not in Nearside's store and is not removed")
            .got(name)
            .where(other.path())
            .hint("It belongs to " + other.origin().kind()));
  }

  @Override
  public void copy(String from, String to) {
    Target source = target(from);
    ModelName name = ownName(to);
    boolean isCopied = uninterrupted(() -> store.copy(source.canonical(), name.canonical()));
    if (!isCopied) {
      throw absent(source);
    }
  }

  /** A name that a user may give. */
  private ModelName ownName(String text) {
    ModelName name = ModelName.parse(text, config.workingDirectory());
    if (!(name instanceof ModelName.Plain) || target(text).entry() != null) {
      throw new RefusedException(
          Fault.of("a model cannot have this name")
              .got(text)
              .expected("name[:tag] that is not in the catalogue"));
    }
    return name;
  }

  @Override
  public LocalModel create(String name, ModelDraft draft) throws InterruptedException {
    ModelName chosen = ownName(name);
    Manifest base =
        switch (draft.source()) {
          case ModelDraft.Source.From(String model) -> base(model);
          case ModelDraft.Source.OfFiles(Map<String, String> digests) -> intake.ofFiles(digests);
        };
    Manifest made =
        new Manifest(
            chosen.canonical(),
            base.kind(),
            base.files(),
            "made here",
            Instant.now(),
            draft.settings().orElse(base.settings()),
            adapters(base, draft));
    store.create(made);
    return ofStore(made);
  }

  /** The base's adapters, and the new ones. */
  private List<StoredFile> adapters(Manifest base, ModelDraft draft) throws InterruptedException {
    List<StoredFile> all = new ArrayList<>(base.adapters());
    for (StoredFile added : intake.files(draft.adapters())) {
      if (all.stream().anyMatch(file -> file.sha256().equals(added.sha256()))) {
        throw new RefusedException(
            Fault.of("the model has this adapter twice")
                .got(added.name())
                .where("sha256:" + added.sha256()));
      }
      String name = added.name();
      for (int i = 2; hasName(all, name); i++) {
        name = i + "-" + added.name();
      }
      all.add(new StoredFile(name, added.sha256(), added.bytes()));
    }
    return all;
  }

  private static boolean hasName(List<StoredFile> files, String name) {
    return files.stream().anyMatch(file -> file.name().equals(name));
  }

  /** What a model made from this one begins with. */
  private Manifest base(String model) throws InterruptedException {
    Target target = target(model);
    LocalModel found = lookUp(target).orElseThrow(() -> absent(target));
    Optional<Manifest> stored = store.manifest(target.canonical());
    Manifest base = stored.isPresent() ? stored.get() : intake.ofPath(found.path());
    String origin = base.settings().parent() == null ? found.name() : base.settings().parent();
    return base.withSettings(base.settings().withParent(origin));
  }

  @Override
  public boolean hasBlob(String sha256) {
    return uninterrupted(() -> intake.has(sha256));
  }

  @Override
  public void putBlob(String sha256, InputStream content) throws IOException, InterruptedException {
    intake.put(sha256, content);
  }

  @Override
  public Path blob(String sha256) {
    if (!hasBlob(sha256)) {
      throw new RefusedException(Fault.of("there is no such blob").got("sha256:" + sha256));
    }
    return store.blobPath(sha256);
  }

  @Override
  public String importFile(Path file) throws InterruptedException {
    return intake.take(file).sha256();
  }

  @Override
  public Path scratchFile() {
    return store.scratchFile();
  }

  @Override
  public PruneReport prune() {
    return uninterrupted(() -> new Garbage(store).prune());
  }

  @Override
  public List<String> verify() {
    List<String> problems = new ArrayList<>();
    Store.Listing listing = store.listing();
    listing.damaged().forEach(damage -> problems.add(damage.getMessage()));
    for (Manifest manifest : listing.manifests()) {
      for (StoredFile file : manifest.blobs()) {
        Path blob = store.blobPath(file.sha256());
        if (store.remainders().has(file.sha256())) {
          continue; // whoever knows formats looks at what is left
        }
        try {
          if (!uninterrupted(() -> store.isIntact(blob, file.sha256(), true))) {
            problems.add(manifest.name() + ": " + file.name() + " has another checksum");
          }
        } catch (HubException e) {
          problems.add(manifest.name() + ": " + file.name() + ": " + e.getMessage());
        }
      }
    }
    return problems;
  }

  @Override
  public Catalogue catalogue() {
    return catalogue.get();
  }

  @Override
  public List<CatalogueEntry> fitting(long memoryBytes, Set<String> languages) {
    return catalogue.get().fitting(memoryBytes, languages);
  }

  @Override
  public List<String> nearest(String name) {
    List<String> names = new ArrayList<>(catalogue.get().names());
    store.listing().manifests().forEach(manifest -> names.add(manifest.name()));
    return Nearest.of(name, names);
  }

  @Override
  public boolean looksLikeModelName(String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isWhitespace)) {
      return isExistingPath(text);
    }
    try {
      Target target = target(text);
      return switch (target.name()) {
        case ModelName.HuggingFace hf -> true;
        case ModelName.ModelScope ms -> true;
        case ModelName.Ollama ollama -> true;
        case ModelName.Local local ->
            text.toLowerCase(java.util.Locale.ROOT).endsWith(".gguf") || Files.exists(local.path());
        case ModelName.Plain plain ->
            target.entry() != null || store.manifest(target.canonical()).isPresent();
      };
    } catch (HubException e) {
      // Not of any form.
      return false;
    }
  }

  private boolean isExistingPath(String text) {
    try {
      return !text.isBlank() && Files.exists(config.workingDirectory().resolve(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private Target target(String text) {
    ModelName name = ModelName.parse(text, config.workingDirectory());
    if (name instanceof ModelName.Plain plain) {
      boolean isDefaultTag = plain.tag() == null || plain.tag().equals("latest");
      String key = isDefaultTag ? plain.name() : plain.canonical();
      CatalogueEntry entry = catalogue.get().find(key).orElse(null);
      boolean isFolder =
          entry == null
              && Files.isRegularFile(
                  config.workingDirectory().resolve(text.strip()).resolve("config.json"));
      if (isFolder && store.manifest(plain.canonical()).isEmpty()) {
        Path path = config.workingDirectory().resolve(text.strip());
        return new Target(text, allowed(new ModelName.Local(path, text)), null);
      }
      return new Target(text, name, entry);
    }
    return new Target(text, name instanceof ModelName.Local local ? allowed(local) : name, null);
  }

  // Says no more about a path than about any word that is no name.
  private ModelName allowed(ModelName.Local local) {
    if (paths != null && !paths.contains(local.text())) {
      throw new UnknownModelException(local.text(), List.of());
    }
    return local;
  }

  private Optional<LocalModel> lookUp(Target target) throws InterruptedException {
    if (target.name() instanceof ModelName.Local local) {
      return Optional.of(InPlace.atPath(local.path(), target.text()));
    }
    Optional<Manifest> manifest = store.manifest(target.canonical());
    if (manifest.isPresent()) {
      return Optional.of(ofStore(manifest.get()));
    }
    CatalogueEntry entry = target.entry();
    return entry == null ? inPlace.find(target.name()) : inPlace.find(entry);
  }

  /** As {@link #lookUp}, but a damaged model counts as absent: pulling it again mends it. */
  private Optional<LocalModel> lookUpWhole(Target target) throws InterruptedException {
    try {
      return lookUp(target);
    } catch (dev.nearside.hub.store.StoreException e) {
      return Optional.empty();
    }
  }

  private LocalModel ofStore(Manifest manifest) throws InterruptedException {
    return describe(manifest, store.open(manifest));
  }

  private LocalModel describe(Manifest manifest, Path path) {
    boolean isSingle = manifest.isSingleFile();
    return new LocalModel(
        manifest.name(),
        path,
        manifest.bytes(),
        isSingle ? manifest.files().getFirst().sha256() : null,
        catalogue.get().find(manifest.name()).orElse(null),
        new Origin(Origin.Kind.STORE, manifest.source()),
        manifest.pulledAt(),
        manifest.settings(),
        manifest.adapters().stream().map(this::adapter).toList());
  }

  private LocalAdapter adapter(StoredFile file) {
    return new LocalAdapter(file.name(), store.blobPath(file.sha256()), file.sha256());
  }

  private HubException absent(Target target) {
    boolean isKnown = target.entry() != null || !(target.name() instanceof ModelName.Plain);
    return isKnown
        ? new ModelNotPulledException(target.canonical())
        : new UnknownModelException(target.text(), nearest(target.text()));
  }

  /** Work on files that may be interrupted. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws InterruptedException, IOException;
  }

  /** For methods that do not declare interruption: keeps the flag and says so. */
  private static <T> T uninterrupted(Work<T> work) {
    try {
      return work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException(Fault.of("interrupted while reading the store"), e);
    } catch (IOException e) {
      throw new HubException(Fault.of("the store cannot be read").got(String.valueOf(e)), e);
    }
  }
}
