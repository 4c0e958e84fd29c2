package dev.nearside.engine.parse.read;

/**
 * Reads an object whose keys are bare and whose strings stand between special quotes, as Gemma
 * writes it, and passes it on as JSON as it comes.
 */
final class BareObjectReader implements Reader {
  private final String quote;
  private final StringBuilder word = new StringBuilder();
  private int depth;
  private boolean isInString;
  private boolean isInJsonString;
  private boolean isEscaped;
  private boolean isDone;

  BareObjectReader(String quote) {
    this.quote = quote;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    StringBuilder json = new StringBuilder();
    if (depth == 0) {
      in.skipSpace();
      if (!in.has()) {
        return in.isEnd() ? Progress.FAILED : Progress.MORE;
      }
      if (in.next() != '{') {
        return Progress.FAILED;
      }
      out.start();
    }
    boolean goesOn = true;
    while (goesOn && !isDone && in.has()) {
      goesOn = step(in, json);
    }
    if (in.isEnd() && !in.has()) {
      json.append(word);
    }
    out.arguments(json.toString());
    return isDone ? Progress.DONE : Progress.MORE;
  }

  private boolean step(Feed in, StringBuilder json) {
    if (isInJsonString) {
      jsonString(in.take(1).charAt(0), json);
      return true;
    }
    switch (in.match(quote)) {
      case UNDECIDED -> {
        return false;
      }
      case YES -> {
        in.skip(quote.length());
        json.append('"');
        isInString = !isInString;
      }
      case NO -> {
        char c = in.take(1).charAt(0);
        if (isInString) {
          json.append(JsonText.escape(String.valueOf(c)));
        } else {
          structure(c, json);
        }
      }
    }
    return true;
  }

  private void jsonString(char c, StringBuilder json) {
    json.append(c);
    if (isEscaped) {
      isEscaped = false;
    } else if (c == '\\') {
      isEscaped = true;
    } else if (c == '"') {
      isInJsonString = false;
    }
  }

  private void structure(char c, StringBuilder json) {
    switch (c) {
      case ':' -> {
        // Otherwise the key was quoted.
        if (!word.isEmpty()) {
          json.append(JsonText.quote(word.toString().strip()));
          word.setLength(0);
        }
        json.append(": ");
      }
      case '{', '[' -> {
        word(json);
        depth++;
        json.append(c);
      }
      case ',' -> {
        word(json);
        json.append(", ");
      }
      case '}', ']' -> {
        word(json);
        depth--;
        json.append(c);
        isDone = depth == 0;
      }
      case '"' -> {
        json.append(c);
        isInJsonString = true;
      }
      default -> {
        if (!word.isEmpty() || !Character.isWhitespace(c)) {
          word.append(c);
        }
      }
    }
  }

  private void word(StringBuilder json) {
    if (!word.isEmpty()) {
      json.append(ArgumentTypes.of(null).json(word.toString().strip()));
      word.setLength(0);
    }
  }
}
