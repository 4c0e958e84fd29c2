package dev.nearside.cli.chat;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.Timings;
import dev.nearside.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that says what it is told to, and then stops, fails or is interrupted. */
final class FakeModel implements ChatBackend, CompletionBackend {
  final List<ChatRequest> chats = new ArrayList<>();
  final List<CompletionRequest> completions = new ArrayList<>();
  List<ChatEvent> events = List.of(new ChatEvent.Text("Hello"));
  FinishReason end = FinishReason.STOP;
  boolean isInterrupted;
  @Nullable RuntimeException failure;

  ChatModel model(boolean isBase) {
    return new ChatModel("fake", this, this, isBase, isBase ? null : "{{ x }}", "llama", 7, 64);
  }

  @Override
  public Finished chat(ChatRequest request, ChatSink sink) throws InterruptedException {
    chats.add(request);
    return reply(sink);
  }

  @Override
  public Finished complete(CompletionRequest request, ChatSink sink) throws InterruptedException {
    completions.add(request);
    return reply(sink);
  }

  private Finished reply(ChatSink sink) throws InterruptedException {
    FinishReason reason = end;
    try {
      for (ChatEvent event : events) {
        sink.accept(event);
      }
    } catch (SinkClosedException e) {
      reason = FinishReason.CANCELLED;
    }
    if (isInterrupted) {
      throw new InterruptedException("Ctrl-C");
    }
    if (failure != null) {
      throw failure;
    }
    return new Finished(reason, new Usage(3, 1, events.size()), new Timings(1, 2, 3));
  }
}
