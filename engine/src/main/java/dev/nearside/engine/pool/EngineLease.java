package dev.nearside.engine.pool;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.TokenService;
import dev.nearside.engine.LocalEngine;
import dev.nearside.engine.prompt.ChatTemplate;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease of an engine in a pool. */
final class EngineLease implements ModelLease {
  private final ModelPool pool;
  private final ModelPool.Entry entry;
  private final LocalEngine engine;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  EngineLease(ModelPool pool, ModelPool.Entry entry, LocalEngine engine) {
    this.pool = pool;
    this.entry = entry;
    this.engine = engine;
  }

  static ModelFacts facts(ModelSource.Found found, LocalEngine engine) {
    return new ModelFacts(
        found.name(),
        engine.model().architecture(),
        engine.model().parameters(),
        found.quantization(),
        engine.contextLength(),
        engine.model().hidden(),
        engine.template().map(ChatTemplate::source).orElse(null),
        abilities(engine));
  }

  private static Set<Ability> abilities(LocalEngine engine) {
    Set<Ability> out = EnumSet.of(Ability.COMPLETION);
    engine
        .template()
        .ifPresent(template -> {
          out.add(Ability.CHAT);
          if (template.mentions("tools")) {
            out.add(Ability.TOOLS);
          }
          if (template.mentions("enable_thinking") || template.source().contains("<think>")) {
            out.add(Ability.THINKING);
          }
        });
    if (engine.canInfill()) {
      out.add(Ability.INFILL);
    }
    return out;
  }

  @Override
  public ModelFacts facts() {
    return facts(entry.found, engine);
  }

  @Override
  public ChatBackend chats() {
    return engine;
  }

  @Override
  public CompletionBackend completions() {
    return engine;
  }

  @Override
  public TokenService tokens() {
    return engine.tokens();
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      pool.release(entry);
    }
  }
}
