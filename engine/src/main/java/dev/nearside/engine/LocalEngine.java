package dev.nearside.engine;

import dev.nearside.base.Soon;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.Timings;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Urgency;
import dev.nearside.chat.Usage;
import dev.nearside.engine.parse.ReplyParser;
import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.engine.sample.Candidates;
import dev.nearside.engine.sample.GrammarMask;
import dev.nearside.engine.sample.LogprobRecorder;
import dev.nearside.engine.sample.Sampler;
import dev.nearside.engine.sample.SamplerChain;
import dev.nearside.engine.schedule.AdapterLease;
import dev.nearside.engine.schedule.EngineLoop;
import dev.nearside.engine.schedule.Sequence;
import dev.nearside.engine.schedule.Terms;
import dev.nearside.engine.schedule.TokenRing;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.ModelInfo;
import dev.nearside.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A model on this machine, ready to answer. Many threads may call it at once.
 *
 * <p>A chat's keys and values are kept, so that its next turn only computes what is new.
 */
public final class LocalEngine implements ChatBackend, CompletionBackend, AutoCloseable {
  private final EngineLoop loop;
  private final ModelInfo info;
  private final Metadata metadata;
  private final Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final Prompts prompts;
  private final Sampling sampling;
  private final Structures structures;
  private final AdapterSet adapters;
  private final Candidates candidates = new Candidates(); // of the engine thread, which samples

  /** For {@link #open}, and for tests with a model that is none. */
  LocalEngine(
      EngineLoop loop,
      LanguageModel model,
      ModelBundle bundle,
      @Nullable ChatTemplate template,
      Sampling sampling,
      List<AdapterFile> adapters) {
    this.loop = loop;
    this.info = model.info();
    this.metadata = bundle.tensors().metadata();
    this.tokenizer = bundle.tokenizer();
    this.template = template;
    this.prompts = new Prompts(tokenizer, template);
    this.sampling = sampling;
    this.structures = new Structures(tokenizer);
    this.adapters = new AdapterSet(loop, model, adapters);
  }

  /** Without adapters. */
  LocalEngine(
      EngineLoop loop,
      LanguageModel model,
      ModelBundle bundle,
      @Nullable ChatTemplate template,
      Sampling sampling) {
    this(loop, model, bundle, template, sampling, List.of());
  }

  /** Opens a GGUF file or a folder of safetensors with what suits most uses. */
  public static LocalEngine open(Path model) {
    return open(model, EngineOptions.DEFAULTS);
  }

  /**
   * Opens a GGUF file or a folder of safetensors.
   *
   * @throws dev.nearside.base.NearsideException when the model is broken or not supported
   */
  public static LocalEngine open(Path path, EngineOptions options) {
    TensorFile tensors = ModelFiles.open(path);
    Soon<ModelText> text = Soon.of(() -> ModelText.of(tensors, path, options));
    Compute compute = EngineAssembly.startCompute(tensors, options);
    EngineAssembly parts = EngineAssembly.of(tensors, text, path, compute, options);
    LocalEngine engine;
    try {
      engine =
          new LocalEngine(
              parts.loop(),
              parts.model(),
              text.get().bundle(),
              text.get().template(),
              options.sampling(),
              options.adapters());
    } catch (RuntimeException e) {
      parts.loop().close();
      throw e;
    }
    try {
      engine.adapters.openUsual();
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
    return engine;
  }

  public ModelInfo model() {
    return info;
  }

  public Metadata metadata() {
    return metadata;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Computes something of no use, so that the first request finds compiled kernels: the Java
   * runtime compiles them while they run. Takes a few seconds, and ends when a request comes.
   */
  public void warmUp() {
    loop.warmUp();
    structures.warmUp();
  }

  /** Whether it can still answer: an error may have ended its thread. */
  public boolean isAlive() {
    return loop.isAlive();
  }

  /** Bytes that the KV cache takes at most. */
  public long kvLimitBytes() {
    return loop.kvLimitBytes();
  }

  /** Positions of one sequence. */
  public int contextLength() {
    return loop.contextLength();
  }

  /** The engine's counters, from any thread. */
  public EngineStats stats() {
    return loop.stats();
  }

  /** The chat template; empty for a base model, which can only complete. */
  public Optional<ChatTemplate> template() {
    return Optional.ofNullable(template);
  }

  /** Whether the model can fill gaps: its vocabulary has the tokens for it. */
  public boolean canInfill() {
    return Prompts.canInfill(tokenizer);
  }

  /** Bytes of the weights as loaded, a draft model's among them. */
  public long weightBytes() {
    return info.weightBytes() + loop.draftWeightBytes();
  }

  /** Bytes of the KV cache now. */
  public long kvBytes() {
    return loop.kvBytes();
  }

  /** Text to tokens and back. */
  public TokenService tokens() {
    return prompts;
  }

  @Override
  public Finished chat(ChatRequest request, ChatSink sink) throws InterruptedException {
    ChatTemplate.Prompt prompt = prompts.of(request);
    ChatTemplate asked = prompts.template();
    Generation generation = request.generation();
    ReplyParser parser = asked.parser(request, prompt, new SplittableRandom());
    Reply reply = new Reply(stops(generation), parser, sink);
    TokenGrammar grammar = structures.of(asked, request, prompt);
    Shown shown = new Shown(asked.shownTokens(request), goesOn(prompt));
    return generate(prompt.ids(), generation, reply, grammar, shown);
  }

  @Override
  public Finished complete(CompletionRequest request, ChatSink sink) throws InterruptedException {
    Generation generation = request.generation();
    Reply reply = new Reply(stops(generation), ReplyParser.plain(), sink);
    TokenGrammar grammar = structures.of(generation.format());
    int[] prompt = prompts.of(request.prompt());
    Shown shown = new Shown(Set.of(), goesOn(prompt));
    return generate(prompt, generation, reply, grammar, shown);
  }

  /**
   * How tokens become text.
   *
   * @param controls control tokens that appear in it by name
   * @param goesOn whether it goes on with text of the prompt's
   */
  private record Shown(Set<Integer> controls, boolean goesOn) {}

  /** Whether a reply to this prompt goes on with a text that the prompt has begun. */
  static boolean goesOn(ChatTemplate.Prompt prompt) {
    return switch (prompt.start()) {
      case REPLY, THOUGHTS -> false;
      case WITHIN_THOUGHTS, WITHIN_TEXT -> true;
    };
  }

  private boolean goesOn(int[] prompt) {
    return prompt.length > 0 && !tokenizer.kind(prompt[prompt.length - 1]).isHidden();
  }

  // A reply that must have a form ends where the form does: cut by a stop string it would have
  // none.
  private static List<String> stops(Generation generation) {
    return generation.format() instanceof OutputFormat.Text
        ? generation.limits().stop()
        : List.of();
  }

  private Finished generate(
      int[] prompt, Generation generation, Reply reply, @Nullable TokenGrammar grammar, Shown shown)
      throws InterruptedException {
    int max = generation.limits().maxTokens();
    int maxTokens = max > 0 ? max : Integer.MAX_VALUE;
    GrammarMask mask = grammar == null ? null : mask(grammar, prompt, maxTokens);
    Sampler chain =
        SamplerChain.of(
            generation.sampling().orElse(sampling).orElse(Sampling.FALLBACK),
            tokenizer,
            mask,
            candidates);
    Integer top = generation.logprobs();
    LogprobRecorder recorder = top == null ? null : new LogprobRecorder(chain, top, candidates);
    Sampler sampler = recorder == null ? chain : recorder;
    Sequence sequence = submit(prompt, generation, sampler, maxTokens);
    FinishReason reason;
    try {
      reason = stream(sequence, recorder, reply, shown).run();
    } catch (SinkClosedException e) {
      reason = FinishReason.CANCELLED;
    } catch (GrammarException e) {
      throw new ChatException(e.fault(), e); // too ambiguous to be followed
    } finally {
      sequence.cancel();
      loop.wake();
    }
    // The model ended its turn, but the limit made it.
    boolean isHurried = mask != null && mask.isHurried() && reply.stop() == null;
    return finished(
        reason == FinishReason.STOP && isHurried ? FinishReason.LENGTH : reason, reply, sequence);
  }

  private ReplyStream stream(
      Sequence sequence, @Nullable LogprobRecorder recorder, Reply reply, Shown shown) {
    return new ReplyStream(
        tokenizer, sequence.ring(), recorder, reply, shown.controls(), shown.goesOn());
  }

  private GrammarMask mask(TokenGrammar grammar, int[] prompt, int maxTokens) {
    int room = Math.min(maxTokens, Math.max(0, contextLength() - prompt.length));
    return GrammarMask.of(grammar, prompt.length, room);
  }

  private Sequence submit(int[] prompt, Generation generation, Sampler sampler, int maxTokens) {
    AdapterLease lease = adapters.lease(generation.adapters());
    Sequence.Task task =
        new Sequence.Task(
            prompt,
            sampler,
            maxTokens,
            new HashSet<>(tokenizer.specials().endOfGeneration()),
            terms(generation.urgency()).withCacheKey(cacheKey(lease, generation.owner())),
            lease);
    try {
      return loop.submit(task);
    } catch (RuntimeException e) {
      adapters.giveBack(lease);
      throw e;
    }
  }

  private static String cacheKey(AdapterLease lease, String owner) {
    String adapters = AdapterSet.cacheKey(lease);
    return owner.isEmpty() ? adapters : adapters + " of " + owner;
  }

  private static Terms terms(Urgency urgency) {
    Terms terms = Terms.USUAL.withPriority(urgency.priority());
    return urgency.timeoutMillis() > 0
        ? terms.within(TimeUnit.MILLISECONDS.toNanos(urgency.timeoutMillis()))
        : terms;
  }

  // A reply that was cut off counts up to the cut: how far the engine came meanwhile is chance,
  // and still changes. All else was written before the tokens that were taken.
  private static Finished finished(FinishReason reason, Reply reply, Sequence sequence) {
    TokenRing.Taken taken = sequence.ring().taken();
    int tokens = taken.isAll() ? sequence.generated() : taken.tokens();
    long decodeNanos = taken.isAll() ? sequence.decodeNanos() : taken.decodeNanos();
    return new Finished(
        reason == FinishReason.STOP && reply.hasCalls() ? FinishReason.TOOL_CALLS : reason,
        reply.stop(),
        new Usage(sequence.task().prompt().length, sequence.cached(), tokens),
        new Timings(sequence.promptNanos(), sequence.firstTokenNanos(), decodeNanos));
  }

  /** The stop tokens of the model, for tools that generate by themselves. */
  public List<Integer> endOfGeneration() {
    return tokenizer.specials().endOfGeneration();
  }

  @Override
  public void close() {
    loop.close();
    adapters.close();
  }
}
