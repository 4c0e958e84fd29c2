package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.AdapterUse;
import dev.nearside.chat.ChatException;
import dev.nearside.engine.schedule.AdapterLease;
import dev.nearside.engine.schedule.EngineLoop;
import dev.nearside.model.Adapter;
import dev.nearside.model.AdapterLoader;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.ScaledAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The adapters of an engine: each is opened once, when it is first asked for, and shared; those
 * that nobody uses stay open while they are small. Only the engine thread opens and closes them,
 * because only it may touch the model.
 */
final class AdapterSet {
  /** Adapters that nobody uses are kept up to this size. */
  private static final long IDLE_BYTES = 256L << 20;

  private final EngineLoop loop;
  private final LanguageModel model;
  private final Map<String, AdapterFile> files = new LinkedHashMap<>();
  private final List<AdapterUse> parts = new ArrayList<>(); // the model's own
  private final List<AdapterUse> usual = new ArrayList<>();

  /** By name, the least recently used first. The engine thread's. */
  private final Map<String, Open> open = new LinkedHashMap<>();

  private static final class Open {
    final Adapter adapter;
    int users;

    Open(Adapter adapter) {
      this.adapter = adapter;
    }
  }

  /**
   * @throws ChatException when two adapters have the same name
   */
  AdapterSet(EngineLoop loop, LanguageModel model, List<AdapterFile> adapters) {
    this.loop = loop;
    this.model = model;
    for (AdapterFile file : adapters) {
      if (files.put(file.name(), file) != null) {
        throw new ChatException(Fault.of("two adapters have the same name").got(file.name()));
      }
      if (file.isPart()) {
        parts.add(new AdapterUse(file.name(), file.scale()));
      } else if (file.scale() != 0) {
        usual.add(new AdapterUse(file.name(), file.scale()));
      }
    }
  }

  /** Opens those that usual requests use, so that what is wrong with them is told at once. */
  void openUsual() {
    if (!chosen(List.of()).isEmpty()) {
      giveBack(lease(List.of()));
    }
  }

  /** What a request uses: the model's own, and those that it names, or the usual ones. */
  List<AdapterUse> chosen(List<AdapterUse> named) {
    List<AdapterUse> uses = new ArrayList<>(parts);
    uses.addAll(named.isEmpty() ? usual : named);
    return uses;
  }

  /**
   * Takes hold of a request's adapters until its lease ends.
   *
   * @throws ChatException when there is no adapter of a name, one is named twice, or the model
   *     takes none
   * @throws dev.nearside.base.NearsideException when an adapter is broken or another model's
   */
  AdapterLease lease(List<AdapterUse> named) {
    named.forEach(this::check);
    if (named.stream().map(AdapterUse::name).distinct().count() < named.size()) {
      throw new ChatException(
          Fault.of("an adapter is named twice").got(named.size() + " adapters"));
    }
    List<AdapterUse> uses = chosen(named);
    if (uses.isEmpty()) {
      return AdapterLease.NONE;
    }
    return loop.between(() -> take(uses));
  }

  /** Gives back a lease that no sequence took over. */
  void giveBack(AdapterLease lease) {
    if (!lease.adapters().isEmpty()) {
      loop.between(() -> {
        lease.onEnd().run();
        return true;
      });
    }
  }

  /** What keys and values computed with these adapters depend on; empty without any. */
  static String cacheKey(AdapterLease lease) {
    StringBuilder key = new StringBuilder();
    for (ScaledAdapter scaled : lease.adapters()) {
      key.append(scaled.adapter().fingerprint()).append('*').append(scaled.scale()).append(' ');
    }
    return key.toString().strip();
  }

  private void check(AdapterUse use) {
    Set<String> names = names();
    if (!names.contains(use.name())) {
      throw new ChatException(
          Fault.of("there is no adapter of this name")
              .got(use.name())
              .expected(names.isEmpty() ? "none" : "one of " + names));
    }
    if (!Float.isFinite(use.scale())) {
      throw new ChatException(
          Fault.of("an adapter's scale is not a finite number").got(use.scale()));
    }
  }

  /** Those that requests may name. */
  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    files.values().stream().filter(file -> !file.isPart()).forEach(file -> names.add(file.name()));
    return names;
  }

  private AdapterLease take(List<AdapterUse> uses) {
    List<ScaledAdapter> taken = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try {
      for (AdapterUse use : uses) {
        taken.add(new ScaledAdapter(acquire(use.name()), use.scale()));
        names.add(use.name());
      }
    } catch (RuntimeException e) {
      release(names);
      throw e;
    }
    return new AdapterLease(taken, () -> release(names));
  }

  private Adapter acquire(String name) {
    Open found = open.remove(name);
    if (found == null) {
      AdapterLoader loader =
          model
              .adapters()
              .orElseThrow(() -> new ChatException(Fault.of("the model takes no adapters")));
      AdapterFile file = files.get(name);
      if (file == null) {
        throw new IllegalStateException(name);
      }
      found = new Open(load(loader, file));
    }
    found.users++;
    open.put(name, found);
    return found.adapter;
  }

  // An adapter of another model, or a broken one, is the fault of who names it.
  private static Adapter load(AdapterLoader loader, AdapterFile file) {
    try {
      return loader.load(ModelFiles.open(file.path()));
    } catch (NearsideException e) {
      throw new ChatException(e.fault(), e);
    }
  }

  private void release(List<String> names) {
    for (String name : names) {
      Open used = open.get(name);
      if (used != null) {
        used.users--;
      }
    }
    long idle =
        open.values().stream().filter(o -> o.users == 0).mapToLong(o -> o.adapter.bytes()).sum();
    for (Open candidate : List.copyOf(open.values())) {
      if (idle > IDLE_BYTES && candidate.users == 0) {
        idle -= candidate.adapter.bytes();
        open.values().remove(candidate);
        candidate.adapter.close();
      }
    }
  }

  /** Closes all of them; the engine thread has ended. */
  void close() {
    open.values().forEach(o -> o.adapter.close());
    open.clear();
  }
}
