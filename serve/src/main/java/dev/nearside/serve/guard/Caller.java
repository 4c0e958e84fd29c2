package dev.nearside.serve.guard;

import dev.nearside.chat.Usage;
import dev.nearside.serve.keys.ApiKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Who asks, and what the asking has cost so far. */
public final class Caller {
  /** Whoever the running request is of. */
  public static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

  private final @Nullable ApiKey key;
  private final Allowance allowance;
  private final AtomicInteger prompt = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private volatile String model = "";

  Caller(@Nullable ApiKey key, Allowance allowance) {
    this.key = key;
    this.allowance = allowance;
  }

  /** The key's name; empty without one. */
  public String name() {
    return key == null ? "" : key.name();
  }

  /** The model that was asked for; empty before that. */
  public String model() {
    return model;
  }

  /** Notes the model. */
  public void uses(String name) {
    model = name;
  }

  /** Notes what a reply took. */
  public void pay(Usage usage) {
    prompt.addAndGet(usage.promptTokens());
    written.addAndGet(usage.completionTokens());
    allowance.pay(usage.promptTokens() + (long) usage.completionTokens());
  }

  int promptTokens() {
    return prompt.get();
  }

  int writtenTokens() {
    return written.get();
  }
}
