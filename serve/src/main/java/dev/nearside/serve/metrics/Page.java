package dev.nearside.serve.metrics;

/**
 * A page of numbers.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the text format</a>
 */
final class Page {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder();

  /** Begins a family. */
  Page family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help.replace("\n", " ")).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  Page value(String name, Labels labels, double value) {
    out.append(name).append(labels.text()).append(' ').append(number(value)).append('\n');
    return this;
  }

  Page value(String name, Labels labels, long value) {
    out.append(name).append(labels.text()).append(' ').append(value).append('\n');
    return this;
  }

  /** A family of one number. */
  Page gauge(String name, String help, double value) {
    return family(name, "gauge", help).value(name, Labels.NONE, value);
  }

  String text() {
    return out.toString();
  }

  static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
