package dev.nearside.engine;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.engine.sample.LogprobRecorder;
import dev.nearside.engine.schedule.TokenRing;
import dev.nearside.tokenizer.DecodeOptions;
import dev.nearside.tokenizer.IncrementalDecoder;
import dev.nearside.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes one sequence's tokens from its ring and makes text of them, on the caller's thread.
 *
 * @param logprobs where likelihoods come from, or null when nobody wants them
 * @param shown control tokens that appear in the text by name
 * @param goesOn whether the reply goes on with text of the prompt's: then the space before its
 *     first word is kept, which SentencePiece puts there also where a text begins
 */
record ReplyStream(
    Tokenizer tokenizer,
    TokenRing ring,
    @Nullable LogprobRecorder logprobs,
    Reply reply,
    Set<Integer> shown,
    boolean goesOn) {
  /** Until the end; says why it ended. */
  FinishReason run() throws InterruptedException, SinkClosedException {
    IncrementalDecoder decoder = tokenizer.newDecoder(new DecodeOptions(false, goesOn));
    int id;
    while ((id = ring.take()) != TokenRing.END) {
      if (logprobs != null) {
        reply.send(likelihood(logprobs));
      }
      String piece = isHidden(id) ? "" : decoder.accept(id);
      if (!piece.isEmpty() && !reply.accept(piece)) {
        reply.finish();
        return FinishReason.STOP;
      }
    }
    String rest = decoder.finish();
    boolean isStopped = !rest.isEmpty() && !reply.accept(rest);
    reply.finish();
    if (isStopped) {
      return FinishReason.STOP;
    }
    FinishReason reason = ring.reason();
    return reason == null ? FinishReason.CANCELLED : reason;
  }

  private boolean isHidden(int id) {
    return tokenizer.kind(id).isHidden() && !shown.contains(id);
  }

  private ChatEvent likelihood(LogprobRecorder recorder) {
    LogprobRecorder.Entry entry = recorder.poll();
    if (entry == null) {
      throw new IllegalStateException("a token without its likelihood");
    }
    List<TokenLogprob> top = new ArrayList<>();
    for (int i = 0; i < entry.topIds().length; i++) {
      top.add(token(entry.topIds()[i], entry.topLogprobs()[i], List.of()));
    }
    return new ChatEvent.Logprobs(List.of(token(entry.id(), entry.logprob(), top)));
  }

  // Control tokens add no bytes to a text; here they are shown by name.
  private TokenLogprob token(int id, double logprob, List<TokenLogprob> top) {
    byte[] bytes = tokenizer.tokenBytes(id);
    String text =
        bytes.length == 0 ? tokenizer.tokenText(id) : new String(bytes, StandardCharsets.UTF_8);
    return new TokenLogprob(id, text, bytes, logprob, top);
  }
}
