package dev.nearside.cli.command;

import dev.nearside.engine.EngineStats;
import dev.nearside.engine.pool.ModelPool;
import dev.nearside.serve.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engines' numbers for {@code /metrics}. */
final class EngineSamples {
  private EngineSamples() {}

  static List<Sample> of(ModelPool pool) {
    List<Sample> out = new ArrayList<>();
    pool.stats().forEach((model, stats) -> add(out, Map.of("model", model), stats));
    return out;
  }

  private static void add(List<Sample> out, Map<String, String> model, EngineStats s) {
    out.add(new Sample("nearside_sequences_running", "Sequences that run.", model, s.running()));
    out.add(new Sample("nearside_sequences_waiting", "Sequences that wait.", model, s.waiting()));
    EngineStats.Blocks blocks = s.blocks();
    out.add(
        new Sample(
            "nearside_kv_blocks_used", "KV blocks of running sequences.", model, blocks.used()));
    out.add(
        new Sample(
            "nearside_kv_blocks_cached",
            "KV blocks kept for prompts that start alike.",
            model,
            blocks.kept()));
    out.add(new Sample("nearside_kv_blocks_limit", "KV blocks at most.", model, blocks.total()));
    out.add(new Sample("nearside_kv_bytes", "Memory of the KV cache.", model, blocks.bytes()));
    out.add(
        new Sample(
            "nearside_kv_disk_bytes", "Size of the KV blocks on disk.", model, blocks.diskBytes()));
    EngineStats.Tokens tokens = s.tokens();
    out.add(
        new Sample(
            "nearside_prompt_tokens_computed_total",
            "Prompt tokens that were computed.",
            model,
            tokens.prompt()));
    out.add(
        new Sample(
            "nearside_prompt_tokens_cached_total",
            "Prompt tokens found in the prefix cache.",
            model,
            tokens.cached()));
    out.add(
        new Sample(
            "nearside_tokens_generated_total", "Tokens generated.", model, tokens.generated()));
    out.add(
        new Sample(
            "nearside_tokens_drafted_total", "Tokens guessed ahead.", model, tokens.drafted()));
    out.add(
        new Sample(
            "nearside_tokens_accepted_total",
            "Guesses that were right.",
            model,
            tokens.accepted()));
    out.add(
        new Sample(
            "nearside_preemptions_total",
            "Times that a sequence gave its blocks back.",
            model,
            s.preemptions()));
  }
}
