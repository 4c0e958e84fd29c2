package dev.nearside.grammar.schema;

import dev.nearside.base.Fault;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.SchemaException;
import dev.nearside.grammar.text.CharDfa;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schema (draft 2020-12, with the older spellings of tuples, definitions and dependencies) to
 * rules. What the rules describe satisfies the schema; the other way round they may be narrower:
 * one order of properties, numbers of at most 16 digits, no properties that are not listed where
 * some are. A schema for which that can't be promised is refused.
 */
public final class SchemaCompiler {
  private static final int MOST_DIGITS = 400; // more than any double has
  private static final int MAX_RULES = 20_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String prefix;
  private final SchemaDocument document;
  private final Languages languages = new Languages();
  private final Instances instances;
  private final Emptiness emptiness;
  private final ScalarRules scalars = new ScalarRules(languages);
  private final ArrayRules arrays = new ArrayRules(this::rule, this::texts, this::share);
  private final ObjectRules objects =
      new ObjectRules(languages, this::rule, this::names, this::share);
  private final Map<Set<String>, String> ruleNames = new HashMap<>();
  private final Map<String, List<Sub>> schemas = new HashMap<>(); // by rule
  private final Deque<String> todo = new ArrayDeque<>();
  private final Map<String, Expr> rules = new LinkedHashMap<>(JsonRules.rules());

  private SchemaCompiler(JsonNode schema, String prefix) {
    this.prefix = prefix;
    document = new SchemaDocument(schema);
    instances = new Instances(document, languages);
    emptiness = new Emptiness(document, languages, instances);
  }

  /**
   * The rules of a schema.
   *
   * @param name of the rule where a text begins; the names of the others begin with it
   * @throws SchemaException where a keyword can't be honoured
   * @throws GrammarException where the text is no JSON
   */
  public static Map<String, Expr> compile(String schema, String name) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(schema);
    } catch (JacksonException e) {
      throw new GrammarException(
          Fault.of("the schema is no JSON").got(String.valueOf(e.getOriginalMessage())));
    } catch (NumberFormatException e) {
      throw tooManyDigits();
    }
    checkNumbers(tree);
    return new SchemaCompiler(tree, name).run();
  }

  // Written out, 1e999999999 would fill the memory.
  private static void checkNumbers(JsonNode tree) {
    Deque<JsonNode> left = new ArrayDeque<>(List.of(tree));
    while (!left.isEmpty()) {
      JsonNode node = left.pop();
      node.forEach(left::push);
      if (node.isNumber() && !node.isInt() && !node.isLong()) {
        BigDecimal number = node.decimalValue();
        if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
          throw tooManyDigits();
        }
      }
    }
  }

  private static GrammarException tooManyDigits() {
    return new GrammarException(
        Fault.of("a number in the schema has too many digits").expected("at most " + MOST_DIGITS));
  }

  /** A schema of maps and lists as JSON. */
  public static String text(Object schema) {
    return MAPPER.writeValueAsString(schema);
  }

  private Map<String, Expr> run() {
    Sub root = document.root();
    // A caller that asks for JSON and says nothing else means an object.
    boolean isBare = root.node().isObject() && root.node().isEmpty();
    rules.put(prefix, isBare ? Expr.rule(JsonRules.OBJECT) : rule(List.of(root)));
    while (!todo.isEmpty()) {
      String next = todo.remove();
      rules.put(next, body(Objects.requireNonNull(schemas.get(next))));
    }
    new Contradiction(schemas, this::body).check(rules, prefix, root);
    return rules;
  }

  /** The rule of schemas that must all hold; it is compiled later. */
  private Expr rule(List<Sub> subs) {
    Set<String> key = new TreeSet<>();
    List<Sub> saying = new ArrayList<>();
    for (Sub sub : subs) {
      boolean isTrue =
          !sub.isNegated()
              && ((sub.node().isBoolean() && sub.node().booleanValue()) || isAnnotation(sub));
      if (!isTrue && key.add(sub.key())) {
        saying.add(sub);
      }
    }
    if (key.isEmpty()) {
      return Expr.rule(JsonRules.VALUE);
    }
    String known = ruleNames.get(key);
    if (known != null) {
      return Expr.rule(known);
    }
    if (ruleNames.size() >= MAX_RULES) {
      throw GrammarException.tooLarge("schemas", MAX_RULES);
    }
    String name = prefix + " " + ruleNames.size() + " " + String.join(" & ", key);
    ruleNames.put(key, name);
    schemas.put(name, saying);
    todo.add(name);
    return Expr.rule(name);
  }

  private Expr share(Expr expr) {
    String name = prefix + " shared " + rules.size();
    rules.put(name, expr);
    return Expr.rule(name);
  }

  private static boolean isAnnotation(Sub sub) {
    return sub.node().isObject() && sub.node().isEmpty();
  }

  private Expr body(List<Sub> subs) {
    List<Expr> options = new ArrayList<>();
    for (List<Sub> flats : Branches.of(subs, document, emptiness)) {
      options.addAll(branch(flats));
    }
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private List<Expr> branch(List<Sub> flats) {
    List<JsonNode> values = Values.of(flats, instances);
    if (values != null) {
      return values.stream().map(JsonRules::value).toList();
    }
    EnumSet<Types> types = Types.of(flats);
    if (types.size() == Types.values().length
        && flats.stream().allMatch(SchemaCompiler::isSilent)) {
      return List.of(Expr.rule(JsonRules.VALUE));
    }
    List<JsonNode> excluded = ScalarRules.excluded(flats);
    List<Expr> options = new ArrayList<>();
    if (types.contains(Types.NULL) && excluded.stream().noneMatch(JsonNode::isNull)) {
      options.add(Expr.text("null"));
    }
    if (types.contains(Types.BOOLEAN)) {
      for (boolean value : new boolean[] {true, false}) {
        if (excluded.stream().noneMatch(v -> v.isBoolean() && v.booleanValue() == value)) {
          options.add(Expr.text(String.valueOf(value)));
        }
      }
    }
    if (types.contains(Types.INTEGER) || types.contains(Types.FRACTION)) {
      options.add(scalars.number(flats, types));
    }
    if (types.contains(Types.STRING)) {
      options.add(scalars.string(flats));
    }
    boolean isPlain = excluded.stream().noneMatch(v -> v.isObject() || v.isArray());
    if (!isPlain && (types.contains(Types.ARRAY) || types.contains(Types.OBJECT))) {
      throw ScalarRules.first(flats, Negation.NOT_ENUM).unsupported("not");
    }
    if (types.contains(Types.ARRAY)) {
      options.add(arrays.array(flats));
    }
    if (types.contains(Types.OBJECT)) {
      options.add(objects.object(flats));
    }
    return options;
  }

  /** Whether a schema only has keywords that don't restrict values. */
  private static boolean isSilent(Sub flat) {
    return flat.node().propertyNames().stream().noneMatch(SAYING::contains);
  }

  private static final Set<String> SAYING =
      Set.of(
          "type",
          "enum",
          "const",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "unevaluatedItems",
          "properties",
          "required",
          "additionalProperties",
          "patternProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "unevaluatedProperties",
          Negation.NOT_ENUM,
          Negation.NOT_PATTERN,
          Negation.ABSENT);

  /**
   * The JSON texts of schemas that must all hold, where each value has one; null where a value may
   * be a list or an object.
   */
  private @Nullable CharDfa texts(List<Sub> subs) {
    CharDfa out = CharDfa.ofTexts(List.of());
    for (List<Sub> flats : Branches.of(subs, document, emptiness)) {
      List<JsonNode> values = Values.of(flats, instances);
      EnumSet<Types> types = values == null ? Types.of(flats) : EnumSet.noneOf(Types.class);
      boolean hasParts =
          types.contains(Types.ARRAY)
              || types.contains(Types.OBJECT)
              || (values != null && values.stream().anyMatch(JsonNode::isContainer));
      if (hasParts) {
        return null;
      }
      out = out.union(Canonical.texts(flats, types, values, scalars));
    }
    return out;
  }

  /** The strings that satisfy schemas which must all hold. */
  private CharDfa names(List<Sub> subs) {
    CharDfa out = CharDfa.ofTexts(List.of());
    for (List<Sub> flats : Branches.of(subs, document, emptiness)) {
      List<JsonNode> values = Values.of(flats, instances);
      if (values != null) {
        List<String> texts =
            values.stream().filter(JsonNode::isString).map(JsonNode::asString).toList();
        out = out.union(CharDfa.ofTexts(texts));
      } else if (Types.of(flats).contains(Types.STRING)) {
        out = out.union(scalars.language(flats));
      }
    }
    return out;
  }
}
