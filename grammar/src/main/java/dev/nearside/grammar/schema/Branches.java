package dev.nearside.grammar.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Writes out the keywords that apply schemas to the same instance: what is left is a choice of
 * branches, each a list of schemas that must all hold and of which only the other keywords count.
 */
final class Branches {
  private static final int MAX_BRANCHES = 1_000;
  private static final int MAX_STEPS = 40_000;

  private final SchemaDocument document;
  private final Emptiness emptiness;
  private final List<List<Sub>> out = new ArrayList<>();
  private final Sub origin;
  private int steps;

  private Branches(SchemaDocument document, Emptiness emptiness, Sub origin) {
    this.document = document;
    this.emptiness = emptiness;
    this.origin = origin;
  }

  /** What is still to be written out on the way to one branch. */
  private record Way(List<Sub> todo, List<List<List<Sub>>> choices, List<Sub> flats) {}

  /** The branches of schemas that must all hold, those that can't be left out. */
  static List<List<Sub>> of(List<Sub> subs, SchemaDocument document, Emptiness emptiness) {
    if (subs.isEmpty()) {
      return List.of(List.of());
    }
    Branches branches = new Branches(document, emptiness, subs.getFirst());
    branches.expand(new Way(subs, List.of(), List.of()), new HashSet<>());
    return branches.out;
  }

  private void expand(Way way, Set<String> before) {
    List<Sub> todo = new ArrayList<>(way.todo());
    List<List<List<Sub>>> choices = new ArrayList<>(way.choices());
    List<Sub> flats = new ArrayList<>(way.flats());
    Set<String> seen = new HashSet<>(before);
    while (!todo.isEmpty()) {
      Sub sub = todo.removeFirst();
      if (++steps > MAX_STEPS) {
        throw origin.fault("too many combinations", "anyOf");
      }
      JsonNode node = sub.node();
      if (node.isBoolean()) {
        if (node.booleanValue() == sub.isNegated()) {
          return;
        }
      } else if (!node.isObject()) {
        throw sub.fault("a schema must be an object or a boolean", "");
      } else if (seen.add(sub.key() + sub.owners())) {
        if (sub.isNegated()) {
          choices.add(Negation.of(sub, document));
        } else {
          flats.add(sub);
          apply(sub, todo, choices);
        }
      }
    }
    if (emptiness.isEmpty(flats)) {
      return;
    }
    if (choices.isEmpty()) {
      out.add(flats);
      if (out.size() > MAX_BRANCHES) {
        throw origin.fault("more than " + MAX_BRANCHES + " combinations", "anyOf");
      }
      return;
    }
    List<List<Sub>> options = choices.removeFirst();
    for (List<Sub> option : options) {
      expand(new Way(option, choices, flats), seen);
    }
  }

  private void apply(Sub sub, List<Sub> todo, List<List<List<Sub>>> choices) {
    for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
      if (sub.has(keyword)) {
        Sub target = document.resolve(sub, keyword);
        if (target.owners().contains(target.pointer())) {
          throw sub.fault("a schema that applies itself without end", keyword);
        }
        todo.add(target);
      }
    }
    todo.addAll(sub.options("allOf"));
    JsonNode not = sub.get("not");
    if (not != null) {
      todo.add(sub.inPlace(not, "not").negated());
    }
    if (sub.has("anyOf")) {
      choices.add(sub.options("anyOf").stream().map(List::of).toList());
    }
    if (sub.has("oneOf")) {
      choices.add(oneOf(sub.options("oneOf")));
    }
    conditional(sub, choices);
    for (String keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
      for (Map.Entry<String, JsonNode> entry : sub.object(keyword).properties()) {
        choices.add(dependent(sub, keyword, entry.getKey(), entry.getValue()));
      }
    }
  }

  /** Each option without the others, as far as they overlap. */
  private List<List<Sub>> oneOf(List<Sub> options) {
    List<List<Sub>> out = new ArrayList<>();
    for (Sub option : options) {
      List<Sub> all = new ArrayList<>(List.of(option));
      for (Sub other : options) {
        if (!other.pointer().equals(option.pointer()) && !isDisjoint(option, other)) {
          all.add(other.negated());
        }
      }
      out.add(all);
    }
    return out;
  }

  private boolean isDisjoint(Sub a, Sub b) {
    return emptiness.isUnsatisfiable(List.of(a, b));
  }

  private static void conditional(Sub sub, List<List<List<Sub>>> choices) {
    JsonNode test = sub.get("if");
    JsonNode then = sub.get("then");
    JsonNode other = sub.get("else");
    if (test == null || (then == null && other == null)) {
      return;
    }
    Sub holds = sub.inPlace(test, "if");
    List<Sub> first = new ArrayList<>(List.of(holds));
    if (then != null) {
      first.add(sub.inPlace(then, "then"));
    }
    List<Sub> second = new ArrayList<>(List.of(holds.negated()));
    if (other != null) {
      second.add(sub.inPlace(other, "else"));
    }
    choices.add(List.of(first, second));
  }

  private static List<List<Sub>> dependent(Sub sub, String keyword, String name, JsonNode value) {
    var json = tools.jackson.databind.node.JsonNodeFactory.instance;
    var absent = json.objectNode();
    absent.set(Negation.ABSENT, json.arrayNode().add(name));
    var present = json.objectNode();
    var required = json.arrayNode().add(name);
    present.set("required", required);
    List<Sub> met = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(required::add);
    } else {
      met.add(sub.inPlace(value, keyword, name));
    }
    met.addFirst(sub.inPlace(present, keyword, name, "present"));
    return List.of(List.of(sub.inPlace(absent, keyword, name, "absent")), met);
  }
}
