package dev.nearside.engine.parse.read;

/**
 * Reads arguments as a JSON value and passes them on as they come. Arguments in a JSON string, as
 * some models write them, are taken out of it; null is an empty object.
 */
final class ArgumentsReader implements Reader {
  private final JsonScan scan = new JsonScan();
  private final StringBuilder held = new StringBuilder();
  private boolean hasBegun;
  private boolean isObject;

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (!hasBegun) {
      in.skipSpace();
      if (!in.has()) {
        return in.isEnd() ? Progress.FAILED : Progress.MORE;
      }
      if ("{[\"nN".indexOf(in.next()) < 0) {
        return Progress.FAILED;
      }
      hasBegun = true;
      isObject = in.next() == '{';
      out.start();
    }
    String piece = in.take(scan.scan(in));
    if (isObject) {
      out.arguments(piece);
    } else {
      held.append(piece);
    }
    boolean isOver = scan.isDone() || (in.isEnd() && !in.has());
    if (isOver && !isObject) {
      out.arguments(unwrapped());
    }
    return scan.isDone() ? Progress.DONE : Progress.MORE;
  }

  private String unwrapped() {
    String value = held.toString();
    if (value.equals("null") || value.equals("None")) {
      return "{}";
    }
    String text = JsonText.string(value);
    return text != null && text.strip().startsWith("{") ? text.strip() : value;
  }
}
