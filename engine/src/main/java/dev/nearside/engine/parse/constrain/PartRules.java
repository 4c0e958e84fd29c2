package dev.nearside.engine.parse.constrain;

import dev.nearside.chat.ToolSpec;
import dev.nearside.engine.parse.read.ArgumentTypes;
import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallPart.Layout;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.grammar.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The rules of one call's parts. */
final class PartRules {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Expr ID = Expr.regex("[A-Za-z0-9_-]{1,40}");
  private static final Expr SHORT_ID = Expr.regex("[A-Za-z0-9]{9}");
  private static final Expr NUMBER = Expr.regex("0|[1-9][0-9]{0,2}");

  private final Literals literals;
  private final ToolRules tools;
  private final boolean hasShortIds;

  PartRules(Literals literals, ToolRules tools, boolean hasShortIds) {
    this.literals = literals;
    this.tools = tools;
    this.hasShortIds = hasShortIds;
  }

  /** The part in a call of {@code tool}. */
  Expr of(CallPart part, ToolSpec tool) {
    return switch (part) {
      case CallPart.Literal(String text) -> literals.of(text);
      case CallPart.Name name -> Expr.text(tool.name());
      case CallPart.Id(String open) -> Expr.optional(Expr.sequence(literals.of(open), id()));
      case CallPart.Index index -> Expr.sequence(literals.of(index.open()), NUMBER);
      case CallPart.Arguments arguments -> tools.arguments(tool);
      case CallPart.JsonCalls calls -> json(calls.keys(), tool);
      case CallPart.Parameters tags -> parameters(tags, tool);
      case CallPart.NestedTags(String mark) -> nested(mark, tool);
      case CallPart.BareObject(String quote) -> bare(quote, tool);
      case CallPart.PythonCalls calls -> python(tool);
      case CallPart.Code code -> Expr.anyText();
    };
  }

  private Expr id() {
    return hasShortIds ? SHORT_ID : ID;
  }

  private Expr json(JsonKeys keys, ToolSpec tool) {
    List<Expr> members = new ArrayList<>();
    if (keys.name() == null) {
      members.add(member(tool.name(), tools.arguments(tool)));
    } else {
      members.add(member(keys.name(), Expr.text(MAPPER.writeValueAsString(tool.name()))));
      members.add(member(keys.arguments(), tools.arguments(tool)));
    }
    if (keys.id() != null) {
      Expr id = Expr.sequence(Expr.text("\""), id(), Expr.text("\""));
      members.add(keys.isIdLast() ? members.size() : 0, member(keys.id(), id));
    }
    return braces(joined(members));
  }

  private static Expr member(String key, Expr value) {
    return Expr.sequence(Expr.text(MAPPER.writeValueAsString(key) + ":"), Literals.SPACE, value);
  }

  private static Expr braces(Expr inner) {
    return Expr.sequence(Expr.text("{"), Literals.SPACE, inner, Literals.SPACE, Expr.text("}"));
  }

  private static Expr joined(List<Expr> members) {
    List<Expr> parts = new ArrayList<>();
    for (Expr member : members) {
      if (!parts.isEmpty()) {
        parts.add(Expr.text(","));
        parts.add(Literals.SPACE);
      }
      parts.add(member);
    }
    return new Expr.Sequence(parts);
  }

  // In the schema's order; what is not required may be left out.
  private Expr parameters(CallPart.Parameters tags, ToolSpec tool) {
    List<Expr> all = new ArrayList<>();
    for (String key : ToolRules.properties(tool).keySet()) {
      Expr one = parameter(tags, tool, key);
      all.add(ToolRules.isRequired(tool, key) ? one : Expr.optional(one));
    }
    return new Expr.Sequence(all);
  }

  private Expr parameter(CallPart.Parameters tags, ToolSpec tool, String key) {
    ArgumentTypes types = ArgumentTypes.of(tool).at(key);
    List<Expr> parts = new ArrayList<>();
    parts.add(literals.of(tags.open()));
    parts.add(Expr.text(key));
    parts.add(literals.of(tags.keyEnd()));
    if (tags.attributeEnd() != null) {
      boolean isFlag = tags.keyEnd().contains("string=");
      parts.add(Expr.text(isFlag ? String.valueOf(types.isString()) : types.name()));
      parts.add(literals.of(tags.attributeEnd()));
    }
    boolean isLine = tags.layout() == Layout.LINES;
    parts.add(
        types.isString()
            ? string(tool, key, tags.close())
            : Expr.sequence(tools.argument(tool, key), literals.of(tags.close())));
    return isLine ? new Expr.Sequence(parts) : new Expr.Sequence(List.copyOf(parts));
  }

  private Expr string(ToolSpec tool, String key, String close) {
    Object schema = ToolRules.properties(tool).get(key);
    if (schema instanceof Map<?, ?> map && map.get("enum") instanceof List<?> values) {
      Expr choice = Expr.choice(values.stream().map(String::valueOf).toList());
      return Expr.sequence(choice, literals.of(close));
    }
    return literals.textThen(close);
  }

  private Expr nested(String mark, ToolSpec tool) {
    List<Expr> all = new ArrayList<>();
    for (String key : ToolRules.properties(tool).keySet()) {
      String open = mark + "<" + key + ">";
      String close = mark + "</" + key + ">";
      boolean isNested =
          ArgumentTypes.of(tool).at(key).isList() || ArgumentTypes.of(tool).at(key).isObject();
      Expr value =
          isNested || ArgumentTypes.of(tool).at(key).isString()
              ? anyUntil(mark, close)
              : Expr.sequence(tools.argument(tool, key), literals.of(close));
      Expr one = Expr.sequence(literals.of(open), value);
      all.add(ToolRules.isRequired(tool, key) ? one : Expr.optional(one));
    }
    return new Expr.Sequence(all);
  }

  // Text and tags in it, up to the tag that closes.
  private Expr anyUntil(String mark, String close) {
    if (!literals.beginsWithToken(mark)) {
      return Expr.textUntil(List.of(close));
    }
    Expr inner = Expr.sequence(Expr.anyText(), literals.of(mark));
    return Expr.sequence(Expr.anyText(), Expr.repeat(inner, 0, Expr.UNLIMITED), literals.of(close));
  }

  private Expr bare(String quote, ToolSpec tool) {
    List<Expr> members = new ArrayList<>();
    for (String key : ToolRules.properties(tool).keySet()) {
      ArgumentTypes types = ArgumentTypes.of(tool).at(key);
      Expr value;
      if (types.isString()) {
        value = Expr.sequence(literals.of(quote), string(tool, key, quote));
      } else if (types.isList() || types.isObject()) {
        value = Expr.rule(BareValues.VALUE);
      } else {
        value = tools.argument(tool, key);
      }
      members.add(Expr.sequence(Expr.text(key + ":"), value));
    }
    return Expr.sequence(Expr.text("{"), list(members, Expr.text(",")), Expr.text("}"));
  }

  private Expr python(ToolSpec tool) {
    List<Expr> members = new ArrayList<>();
    for (String key : ToolRules.properties(tool).keySet()) {
      members.add(Expr.sequence(Expr.text(key + "="), tools.argument(tool, key)));
    }
    return Expr.sequence(
        Expr.text(tool.name() + "("), list(members, Expr.text(", ")), Expr.text(")"));
  }

  // Any of these in any order.
  private static Expr list(List<Expr> members, Expr comma) {
    if (members.isEmpty()) {
      return Expr.text("");
    }
    Expr one = new Expr.Choice(members);
    Expr more = Expr.repeat(Expr.sequence(comma, one), 0, members.size() - 1);
    return Expr.optional(Expr.sequence(one, more));
  }
}
