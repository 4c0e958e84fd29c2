package dev.nearside.grammar.schema;

import dev.nearside.grammar.SchemaException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Sees that schemas contradict each other, where that can be seen without much effort. */
final class Emptiness {
  private static final int MAX_DEPTH = 4;

  private final SchemaDocument document;
  private final Languages languages;
  private final Instances instances;
  private final Map<Set<String>, Boolean> known = new HashMap<>();
  private int depth;

  Emptiness(SchemaDocument document, Languages languages, Instances instances) {
    this.document = document;
    this.languages = languages;
    this.instances = instances;
  }

  /** Whether no instance satisfies all of {@code subs}; false also where that is not clear. */
  boolean isUnsatisfiable(List<Sub> subs) {
    if (depth >= MAX_DEPTH) {
      return false;
    }
    Set<String> key = new TreeSet<>();
    subs.forEach(sub -> key.add(sub.key()));
    Boolean before = known.get(key);
    if (before != null) {
      return before;
    }
    depth++;
    try {
      boolean isEmpty = Branches.of(subs, document, this).isEmpty();
      known.put(key, isEmpty);
      return isEmpty;
    } catch (SchemaException e) {
      // What can't be written out can't be seen to be empty; whoever needs it will say so.
      known.put(key, false);
      return false;
    } finally {
      depth--;
    }
  }

  /** The same for schemas of which only the keywords of their own count. */
  boolean isEmpty(List<Sub> flats) {
    EnumSet<Types> types = Types.of(flats);
    List<tools.jackson.databind.JsonNode> values = Values.of(flats, instances);
    if (values != null) {
      return values.isEmpty();
    }
    if (isWithin(types, EnumSet.of(Types.INTEGER, Types.FRACTION))) {
      return types.isEmpty() || Bounds.of(flats).isEmpty();
    }
    if (isWithin(types, EnumSet.of(Types.STRING))) {
      int min = flats.stream().mapToInt(f -> f.count("minLength")).max().orElse(0);
      return flats.stream()
          .mapToInt(f -> f.count("maxLength"))
          .anyMatch(max -> max >= 0 && max < min);
    }
    if (isWithin(types, EnumSet.of(Types.OBJECT))) {
      Members members = new Members(flats, languages);
      for (String name : members.required()) {
        if (members.absent().contains(name) || isUnsatisfiable(members.subs(name))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isWithin(EnumSet<Types> types, EnumSet<Types> others) {
    return others.containsAll(types);
  }
}
