package dev.nearside.hub.catalogue;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The catalogue's entries, the weakest model first, and the names they answer to. */
public final class Catalogue {

  private final List<CatalogueEntry> entries;
  private final Map<String, CatalogueEntry> byName = new LinkedHashMap<>();

  /**
   * @throws HubException when two entries share a name or alias
   */
  public Catalogue(List<CatalogueEntry> entries) {
    this.entries = List.copyOf(entries);
    for (CatalogueEntry entry : entries) {
      enter(entry.name(), entry);
      entry.aliases().forEach(alias -> enter(alias, entry));
    }
  }

  /** Reads the catalogue that comes with Nearside. */
  public static Catalogue builtIn() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
      if (in == null) {
        throw new HubException(Fault.of("the built-in catalogue is missing from the program"));
      }
      return new Catalogue(CatalogueReader.read(in.readAllBytes()));
    } catch (IOException e) {
      throw new HubException(Fault.of("the built-in catalogue cannot be read"), e);
    }
  }

  /** All entries, the weakest model first. */
  public List<CatalogueEntry> entries() {
    return entries;
  }

  /** The entry that has this name or alias, letter case aside. */
  public Optional<CatalogueEntry> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Full names, then aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    entries.forEach(entry -> names.add(entry.name()));
    entries.forEach(entry -> names.addAll(entry.aliases()));
    return names;
  }

  /** Chat models that need at most {@code memoryBytes} and speak all languages, best first. */
  public List<CatalogueEntry> fitting(long memoryBytes, Set<String> languages) {
    return entries.reversed().stream()
        .filter(entry -> entry.purpose() == CatalogueEntry.Purpose.TEXT && !entry.isBase())
        .filter(entry -> entry.memoryBytes() <= memoryBytes)
        .filter(entry -> entry.languages().containsAll(languages))
        .toList();
  }

  private void enter(String name, CatalogueEntry entry) {
    CatalogueEntry other = byName.putIfAbsent(name.toLowerCase(Locale.ROOT), entry);
    if (other != null) {
      throw new HubException(
          Fault.of("a catalogue name is taken twice").got(name).where(other.name()));
    }
  }
}
