package dev.nearside.serve.fake;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.Timings;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A model that says what a test tells it to, and remembers what it was asked. A token is a char.
 */
public final class FakeBackend implements ChatBackend, CompletionBackend, TokenService {
  /** A reply. */
  public interface Script {
    Finished play(ChatSink sink) throws InterruptedException, SinkClosedException;
  }

  /** Prompt, cached and completion tokens of every reply, unless a test says otherwise. */
  public static final Usage USAGE = new Usage(12, 5, 3);

  public final List<ChatRequest> chats = new CopyOnWriteArrayList<>();
  public final List<CompletionRequest> completions = new CopyOnWriteArrayList<>();
  public final List<FinishReason> ends = new CopyOnWriteArrayList<>();
  public volatile Script script = says("Hello", " there");

  /** A reply of these pieces of text. */
  public static Script says(String... pieces) {
    return sink -> {
      for (String piece : pieces) {
        sink.accept(new ChatEvent.Text(piece));
      }
      return end(FinishReason.STOP);
    };
  }

  /** A reply of these events. */
  public static Script plays(FinishReason reason, ChatEvent... events) {
    return sink -> {
      for (ChatEvent event : events) {
        sink.accept(event);
      }
      return end(reason);
    };
  }

  public static Finished end(FinishReason reason) {
    return end(reason, null);
  }

  public static Finished end(FinishReason reason, @Nullable String stop) {
    return new Finished(reason, stop, USAGE, new Timings(2_000_000, 3_000_000, 8_000_000));
  }

  /** A token with one that was less likely. */
  public static TokenLogprob token(String text, double logprob) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TokenLogprob other = new TokenLogprob(1, "x", new byte[] {'x'}, logprob - 1, List.of());
    TokenLogprob same = new TokenLogprob(2, text, bytes, logprob, List.of());
    return new TokenLogprob(2, text, bytes, logprob, List.of(same, other));
  }

  @Override
  public Finished chat(ChatRequest request, ChatSink sink) throws InterruptedException {
    chats.add(request);
    return play(request.generation(), sink);
  }

  @Override
  public Finished complete(CompletionRequest request, ChatSink sink) throws InterruptedException {
    completions.add(request);
    return play(request.generation(), sink);
  }

  // As the contract wants it: a sink that throws cancels the reply.
  private Finished play(Generation generation, ChatSink sink) throws InterruptedException {
    Finished end;
    try {
      end = script.play(sink);
    } catch (SinkClosedException e) {
      end = end(FinishReason.CANCELLED);
    } catch (InterruptedException e) {
      ends.add(FinishReason.CANCELLED);
      throw e;
    }
    ends.add(end.reason());
    return end;
  }

  @Override
  public int[] tokenize(String text, boolean parseSpecial, boolean addSpecial) {
    int[] ids = text.chars().toArray();
    if (!addSpecial) {
      return ids;
    }
    int[] framed = new int[ids.length + 1];
    framed[0] = 1;
    System.arraycopy(ids, 0, framed, 1, ids.length);
    return framed;
  }

  @Override
  public String detokenize(int[] ids) {
    return new String(ids, 0, ids.length);
  }

  @Override
  public byte[] bytes(int id) {
    return id == 0xE4
        ? new byte[] {(byte) 0xC3}
        : detokenize(new int[] {id}).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String render(ChatRequest request) {
    StringBuilder out = new StringBuilder();
    request
        .messages()
        .forEach(m -> out.append('<').append(m.role().wireName()).append('>').append(m.content()));
    return out.append("<assistant>").toString();
  }

  @Override
  public int count(ChatRequest request) {
    return render(request).length();
  }
}
