package dev.nearside.engine.parse.read;

import dev.nearside.chat.ChatEvent;
import dev.nearside.engine.parse.ReplyContext;
import dev.nearside.engine.parse.ReplyParser;
import dev.nearside.engine.parse.syntax.IdStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses OpenAI's harmony format: messages with a header, which names a channel and a recipient,
 * and a body. The channel {@code analysis} is reasoning; a message to {@code functions.NAME} is a
 * call; one to a built-in tool that is not offered is for nobody here, and left out.
 *
 * @see <a href="https://github.com/openai/harmony/blob/main/docs/format.md">the format</a>
 */
public final class HarmonyParser implements ReplyParser {
  /** The tokens that make up the format. */
  public static final List<String> TOKENS =
      List.of("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|call|>");

  private static final String START = "<|start|>";
  private static final String MESSAGE = "<|message|>";
  private static final String CHANNEL = "<|channel|>";
  private static final List<String> ENDS =
      List.of("<|end|>", "<|call|>", "<|return|>", START, CHANNEL);
  private static final List<String> HEADS =
      List.of(START, CHANNEL, MESSAGE, "<|constrain|>", "to=", "assistant");
  private static final Pattern RECIPIENT = Pattern.compile("to=([^\\s<]+)");
  private static final Pattern CHANNEL_NAME = Pattern.compile("<\\|channel\\|>\\s*(\\w+)");
  private static final String FUNCTIONS = "functions.";
  private static final int MAX_HEADER = 1024;

  private enum Mode {
    HEADER,
    TEXT,
    REASONING,
    CALL,
    NOBODY
  }

  private final Feed in = new Feed();
  private final CallWriter calls;
  private final List<ChatEvent> out = new ArrayList<>();
  private Mode mode;

  public HarmonyParser(ReplyContext context) {
    calls = new CallWriter(context, IdStyle.OPENAI);
    mode =
        switch (context.start()) {
          case REPLY -> Mode.HEADER;
          case THOUGHTS, WITHIN_THOUGHTS -> Mode.REASONING;
          case WITHIN_TEXT -> Mode.TEXT;
        };
  }

  @Override
  public List<ChatEvent> accept(String piece) {
    in.add(piece);
    return drain();
  }

  @Override
  public List<ChatEvent> finish() {
    in.end();
    return drain();
  }

  @Override
  public boolean isComplete() {
    return calls.isFull() && !calls.isOpen();
  }

  private List<ChatEvent> drain() {
    while (!isComplete() && (mode == Mode.HEADER ? header() : body())) {
      flush();
    }
    flush();
    in.compact();
    List<ChatEvent> events = List.copyOf(out);
    out.clear();
    return events;
  }

  private void flush() {
    in.commit();
    out.addAll(calls.take());
  }

  private boolean header() {
    if (!in.has()) {
      return false;
    }
    Feed.Match head = looksLikeHeader();
    int end = in.find(MESSAGE, 0);
    if (head == Feed.Match.NO) {
      mode = Mode.TEXT;
      return true;
    }
    if (end < 0 && in.available() > MAX_HEADER) {
      mode = Mode.TEXT;
      emit(in.take(MAX_HEADER));
      return true;
    }
    if (head == Feed.Match.UNDECIDED || end < 0) {
      return false;
    }
    address(in.take(end));
    in.skip(MESSAGE.length());
    return true;
  }

  // A model that knows nothing of headers writes plain text.
  private Feed.Match looksLikeHeader() {
    int blank = 0;
    while (blank < in.available() && Character.isWhitespace(in.charAt(blank))) {
      blank++;
    }
    Feed.Match best = blank == in.available() ? Feed.Match.UNDECIDED : Feed.Match.NO;
    in.skip(blank);
    for (String start : HEADS) {
      Feed.Match match = in.match(start);
      if (match == Feed.Match.YES) {
        best = match;
      } else if (match == Feed.Match.UNDECIDED && best == Feed.Match.NO) {
        best = match;
      }
    }
    in.skip(-blank);
    return best;
  }

  private void address(String header) {
    String last = header.substring(Math.max(0, header.lastIndexOf(START)));
    String channel = "";
    for (Matcher m = CHANNEL_NAME.matcher(last); m.find(); ) {
      channel = m.group(1);
    }
    Matcher recipient = RECIPIENT.matcher(last);
    String to = recipient.find() ? recipient.group(1) : "";
    calls.begin(false);
    String tool = to.startsWith(FUNCTIONS) ? to.substring(FUNCTIONS.length()) : to;
    boolean isCall =
        !calls.tools().isEmpty()
            && calls.name(tool)
            && (to.startsWith(FUNCTIONS) || calls.tool() != null);
    if (isCall) {
      calls.start();
      mode = Mode.CALL;
    } else if (!to.isEmpty() && !List.of("user", "assistant").contains(to)) {
      mode = to.startsWith(FUNCTIONS) ? Mode.TEXT : Mode.NOBODY;
    } else {
      mode = channel.equals("analysis") ? Mode.REASONING : Mode.TEXT;
    }
  }

  private boolean body() {
    int end = Integer.MAX_VALUE;
    String marker = "";
    int held = 0;
    for (String candidate : ENDS) {
      int at = in.find(candidate, 0);
      if (at >= 0 && at < end) {
        end = at;
        marker = candidate;
      }
      held = Math.max(held, in.isEnd() ? 0 : in.heldFor(candidate));
    }
    boolean isOver = !marker.isEmpty();
    emit(in.take(isOver ? end : in.available() - held));
    if (isOver) {
      // The next header begins with these two.
      in.skip(marker.equals(START) || marker.equals(CHANNEL) ? 0 : marker.length());
      if (calls.isOpen()) {
        calls.end();
      }
      mode = Mode.HEADER;
    } else if (in.isEnd() && calls.isOpen()) {
      calls.breakOff();
    }
    return isOver;
  }

  private void emit(String text) {
    if (text.isEmpty()) {
      return;
    }
    switch (mode) {
      case TEXT -> out.add(new ChatEvent.Text(text));
      case REASONING -> out.add(new ChatEvent.Reasoning(text));
      case CALL -> calls.arguments(text);
      case NOBODY, HEADER -> {
        return;
      }
    }
  }
}
