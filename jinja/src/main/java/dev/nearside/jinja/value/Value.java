package dev.nearside.jinja.value;

/** Anything that a template can name, pass or print. */
public sealed interface Value
    permits None,
        Bool,
        Int,
        Real,
        Str,
        ListValue,
        Tuple,
        Range,
        Dict,
        DictView,
        Lazy,
        Undefined,
        ObjectValue {

  /** The name of the Python type, for error messages. */
  String typeName();
}
