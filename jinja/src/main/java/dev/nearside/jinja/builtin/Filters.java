package dev.nearside.jinja.builtin;

import java.util.Map;

/**
 * The index of filters: jinja2's less those that only HTML pages need (urlize, xmlattr, striptags),
 * and Hugging Face's {@code tojson}.
 */
public final class Filters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("abs", NumberFilters::abs),
          Map.entry("attr", LookupFilters::attr),
          Map.entry("batch", GroupFilters::batch),
          Map.entry("capitalize", TextFilters::capitalize),
          Map.entry("center", TextFilters::center),
          Map.entry("count", LookupFilters::length),
          Map.entry("d", LookupFilters::orDefault),
          Map.entry("default", LookupFilters::orDefault),
          Map.entry("dictsort", SortFilters::dictSort),
          Map.entry("e", EncodingFilters::escape),
          Map.entry("escape", EncodingFilters::escape),
          Map.entry("filesizeformat", NumberFilters::fileSize),
          Map.entry("first", LookupFilters::first),
          Map.entry("float", NumberFilters::toReal),
          Map.entry("forceescape", EncodingFilters::forceEscape),
          Map.entry("format", TextFilters::format),
          Map.entry("groupby", GroupFilters::groupBy),
          Map.entry("indent", TextFilters::indent),
          Map.entry("int", NumberFilters::toInt),
          Map.entry("items", LookupFilters::items),
          Map.entry("join", TextFilters::join),
          Map.entry("last", LookupFilters::last),
          Map.entry("length", LookupFilters::length),
          Map.entry("list", LookupFilters::list),
          Map.entry("lower", TextFilters::lower),
          Map.entry("map", SelectFilters::map),
          Map.entry("max", SortFilters::max),
          Map.entry("min", SortFilters::min),
          Map.entry("pprint", EncodingFilters::prettyPrint),
          Map.entry("random", LookupFilters::random),
          Map.entry("reject", SelectFilters::reject),
          Map.entry("rejectattr", SelectFilters::rejectAttr),
          Map.entry("replace", TextFilters::replace),
          Map.entry("reverse", LookupFilters::reverse),
          Map.entry("round", NumberFilters::round),
          Map.entry("safe", EncodingFilters::safe),
          Map.entry("select", SelectFilters::select),
          Map.entry("selectattr", SelectFilters::selectAttr),
          Map.entry("slice", GroupFilters::slice),
          Map.entry("sort", SortFilters::sort),
          Map.entry("string", TextFilters::string),
          Map.entry("sum", NumberFilters::sum),
          Map.entry("title", TextFilters::title),
          Map.entry("tojson", EncodingFilters::toJson),
          Map.entry("trim", TextFilters::trim),
          Map.entry("truncate", TextFilters::truncate),
          Map.entry("unique", GroupFilters::unique),
          Map.entry("upper", TextFilters::upper),
          Map.entry("urlencode", EncodingFilters::urlEncode),
          Map.entry("wordcount", TextFilters::wordCount),
          Map.entry("wordwrap", TextFilters::wordWrap));

  private Filters() {}

  public static boolean has(String name) {
    return ALL.containsKey(name);
  }
}
