package dev.nearside.jinja.value;

/** markupsafe's escaping. */
public final class Html {
  private Html() {}

  public static String escape(Budget budget, String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    budget.charge(out.length());
    return out.toString();
  }
}
