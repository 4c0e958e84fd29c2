package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.FormatSpec;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Parsing;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Value;
import java.math.BigInteger;

/**
 * Python's {@code str.format}. Reference: "Format String Syntax" in the Python library reference;
 * attributes and items are looked up as templates do.
 */
final class StrFormat {
  private final Rendering rendering;
  private final Args args;
  private int automatic;
  private boolean isManual;

  private StrFormat(Rendering rendering, Args args) {
    this.rendering = rendering;
    this.args = args;
  }

  static Str format(Rendering rendering, Str format, Args args) {
    return format.like(new StrFormat(rendering, args).expand(format.text(), 2));
  }

  /** Replaces the fields; {@code levels} says how deep fields may nest in specifications. */
  private String expand(String format, int levels) {
    if (levels < 0) {
      throw new Failure("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      boolean isDoubled = format.startsWith(c == '{' ? "{{" : "}}", i);
      if ((c != '{' && c != '}') || isDoubled) {
        rendering.budget().charge(1);
        out.append(c);
        i += isDoubled && (c == '{' || c == '}') ? 2 : 1;
      } else if (c == '}') {
        throw new Failure("Single '}' encountered in format string");
      } else {
        int end = fieldEnd(format, i + 1);
        String field = field(format.substring(i + 1, end), levels);
        rendering.budget().charge(field.length());
        out.append(field);
        i = end + 1;
      }
    }
    return out.toString();
  }

  /** The offset of the brace that closes a field. */
  private static int fieldEnd(String format, int from) {
    int open = 1;
    for (int i = from; i < format.length(); i++) {
      char c = format.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new Failure(
        from == format.length()
            ? "Single '{' encountered in format string"
            : "expected '}' before end of string");
  }

  private String field(String field, int levels) {
    int nameEnd = nameEnd(field);
    String name = field.substring(0, nameEnd);
    String rest = field.substring(nameEnd);
    char conversion = 0;
    if (rest.startsWith("!")) {
      if (rest.length() < 2 || (rest.length() > 2 && rest.charAt(2) != ':')) {
        throw new Failure("expected ':' after conversion specifier");
      }
      conversion = rest.charAt(1);
      rest = rest.substring(2);
    }
    Value value = convert(lookUp(name), conversion);
    String spec = rest.isEmpty() ? "" : expand(rest.substring(1), levels - 1);
    return FormatSpec.format(rendering.budget(), value, spec);
  }

  private static int nameEnd(String field) {
    boolean isInBrackets = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '[') {
        isInBrackets = true;
      } else if (c == ']') {
        isInBrackets = false;
      } else if (!isInBrackets && (c == '!' || c == ':')) {
        return i;
      } else if (c == '{' || c == '}') {
        throw new Failure("unexpected '" + c + "' in field name");
      }
    }
    return field.length();
  }

  private Value convert(Value value, char conversion) {
    return switch (conversion) {
      case 0 -> value;
      case 's' -> Str.of(Text.str(rendering.budget(), value));
      case 'r' -> Str.of(Text.repr(rendering.budget(), value));
      case 'a' -> Str.of(Text.ascii(rendering.budget(), value));
      default -> throw new Failure("Unknown conversion specifier " + conversion);
    };
  }

  private Value lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Value value = first(name.substring(0, end));
    while (end < name.length()) {
      boolean isAttribute = name.charAt(end) == '.';
      int start = end + 1;
      end = isAttribute ? attributeEnd(name, start) : name.indexOf(']', start);
      if (end < 0) {
        throw new Failure("Missing ']' in format string");
      }
      String key = name.substring(start, end);
      if (key.isEmpty()) {
        throw new Failure("Empty attribute in format string");
      }
      value = isAttribute ? Access.attribute(rendering, value, key) : item(value, key);
      if (!isAttribute) {
        end++;
        if (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          throw new Failure("Only '.' or '[' may follow ']' in format field specifier");
        }
      }
    }
    return value;
  }

  private static int attributeEnd(String name, int from) {
    int end = from;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    return end;
  }

  private Value item(Value value, String key) {
    boolean isIndex = key.chars().allMatch(c -> c >= '0' && c <= '9');
    BigInteger index = isIndex ? Parsing.integer(key, 10) : null;
    return Access.item(rendering, value, index == null ? Str.of(key) : new Int(index));
  }

  private Value first(String name) {
    boolean isNumber = name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isNumber) {
      Value value = args.named().get(name);
      if (value == null) {
        throw new Failure("KeyError: '" + name + "'");
      }
      return value;
    }
    if (name.isEmpty() ? isManual : automatic > 0) {
      throw new Failure(
          "cannot switch between automatic field numbering and manual field specification");
    }
    isManual |= !name.isEmpty();
    int index = name.isEmpty() ? automatic++ : name.length() > 9 ? -1 : Integer.parseInt(name);
    if (index < 0 || index >= args.positional().size()) {
      throw new Failure("Replacement index " + name + " out of range for positional args tuple");
    }
    return args.positional().get(index);
  }
}
