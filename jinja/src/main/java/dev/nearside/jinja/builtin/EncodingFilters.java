package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.DictView;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Html;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Json;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that write a value in some notation. */
final class EncodingFilters {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

  private EncodingFilters() {}

  /** Hugging Face's {@code tojson}: json.dumps with its parameters, nothing escaped for HTML. */
  static Value toJson(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    String indent = indent(rendering, bound);
    String itemSeparator = indent == null ? ", " : ",";
    String keySeparator = ": ";
    Value separators = bound.some(2);
    if (separators != null) {
      List<Value> pair = Iteration.toList(rendering.budget(), separators);
      if (pair.size() != 2
          || !(pair.get(0) instanceof Str item)
          || !(pair.get(1) instanceof Str key)) {
        throw new Failure("tojson() argument 'separators' must be two strings");
      }
      itemSeparator = item.text();
      keySeparator = key.text();
    }
    Json.Options options =
        new Json.Options(
            bound.flag(0, false), indent, itemSeparator, keySeparator, bound.flag(3, false));
    return Str.of(Json.write(rendering.budget(), input, options));
  }

  private static @Nullable String indent(Rendering rendering, Bound bound) {
    Value indent = bound.some(1);
    if (indent == null) {
      return null;
    }
    return indent instanceof Str text
        ? text.text()
        : Arithmetic.repeat(rendering.budget(), " ", bound.integer(1));
  }

  static Value safe(Rendering rendering, Value input, Args args) {
    args.none("safe");
    return new Str(rendering.str(input), true);
  }

  static Value escape(Rendering rendering, Value input, Args args) {
    args.none("escape");
    return input instanceof Str text && text.safe() ? text : escaped(rendering, input);
  }

  static Value forceEscape(Rendering rendering, Value input, Args args) {
    args.none("forceescape");
    return escaped(rendering, input);
  }

  private static Str escaped(Rendering rendering, Value input) {
    return new Str(Html.escape(rendering.budget(), rendering.str(input)), true);
  }

  static Value prettyPrint(Rendering rendering, Value input, Args args) {
    args.none("pprint");
    return Str.of(PrettyPrint.format(rendering.budget(), input));
  }

  static Value urlEncode(Rendering rendering, Value input, Args args) {
    args.none("urlencode");
    if (input instanceof Str || !Iteration.isIterable(input)) {
      return Str.of(quote(rendering, input, "/"));
    }
    Value pairs = input instanceof Dict dict ? new DictView(DictView.Kind.ITEMS, dict) : input;
    Iterator<Value> items = Iteration.of(rendering.budget(), pairs);
    StringBuilder out = new StringBuilder();
    while (items.hasNext()) {
      List<Value> pair = Iteration.toList(rendering.budget(), items.next());
      if (pair.size() != 2) {
        throw new Failure("urlencode needs pairs, got " + pair.size() + " values");
      }
      out.append(out.isEmpty() ? "" : "&")
          .append(quote(rendering, pair.get(0), "").replace("%20", "+"))
          .append('=')
          .append(quote(rendering, pair.get(1), "").replace("%20", "+"));
    }
    return Str.of(out.toString());
  }

  private static String quote(Rendering rendering, Value value, String alsoSafe) {
    String text = rendering.str(value);
    rendering.budget().charge(3L * text.length());
    StringBuilder out = new StringBuilder(text.length());
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      if (UNRESERVED.indexOf(c) >= 0 || alsoSafe.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
