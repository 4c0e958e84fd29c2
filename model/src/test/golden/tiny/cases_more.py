"""More tiny models: Phi, MiniCPM, Granite, gpt-oss. See cases.py."""

from cases import NO_SCALING, Breaker, Case, base, eps, rope, window

LONG = [1.0, 1.4, 2.1, 3.2, 4.5, 6.0, 8.0, 11.0]
SHORT = [1.0, 1.05, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0]


def longrope(dims: int) -> dict:
    return {"rope_type": "longrope", "long_factor": LONG[: dims // 2], "short_factor": SHORT[: dims // 2]}


def phi_cases() -> list[Case]:
    # Phi-3-mini: full rotation, untied; Phi-4-mini: partial rotation, tied.
    phi3 = base("Phi3ForCausalLM", "phi3", sliding_window=None, pad_token_id=0, original_max_position_embeddings=256)
    phi3 = {**phi3, "max_position_embeddings": 1024, "rope_scaling": longrope(16)}
    phi4 = base("Phi3ForCausalLM", "phi3", sliding_window=None, pad_token_id=0, original_max_position_embeddings=32)
    phi4 = {**phi4, "rope_scaling": longrope(12), "partial_rotary_factor": 0.75, "tie_word_embeddings": True}
    return [
        Case(
            "phi3",
            "phi3",
            phi3,
            [
                rope("phi3"),
                eps("phi3"),
                Breaker("long factors for a short context", {"original_max_position_embeddings": 32}),
                Breaker(
                    "short factors ignored",
                    {"rope_scaling.short_factor": [1.0] * 8},
                    gguf_fill={"rope_factors_short.weight": 1.0},
                ),
                Breaker(
                    "longrope attention factor",
                    {"rope_scaling.attention_factor": 1.0},
                    {"phi3.rope.scaling.attn_factor": 1.0},
                ),
            ],
            note="context within original_max_position_embeddings: short factors",
        ),
        Case(
            "phi3-window",
            "phi3",
            {**phi3, "sliding_window": 16},
            [
                rope("phi3"),
                eps("phi3"),
                window("phi3", 17, "window one too wide", False),
                Breaker("window ignored", {"sliding_window": None}),
            ],
            gguf=None,
            llamacpp_limit=None,
            note="llama.cpp ignores Phi's window",
        ),
        Case(
            "phi4-mini",
            "phi4-mini",
            phi4,
            [
                rope("phi3"),
                eps("phi3"),
                Breaker(
                    "partial rotation",
                    {"partial_rotary_factor": 1.0, "rope_scaling": longrope(16)},
                    {"phi3.rope.dimension_count": 16},
                ),
                Breaker(
                    "short factors for a long context",
                    {"original_max_position_embeddings": 256, "rope_scaling.attention_factor": 1.2649110640673518},
                    {"phi3.rope.scaling.original_context_length": 256},
                ),
            ],
            note="context beyond original_max_position_embeddings: long factors at every position",
        ),
    ]


def scaled_cases() -> list[Case]:
    minicpm = base(
        "MiniCPMForCausalLM",
        "minicpm",
        intermediate_size=64,
        tie_word_embeddings=True,
        hidden_act="silu",
        scale_emb=6.0,
        scale_depth=1.2,
        dim_model_base=32,
    )
    granite = base(
        "GraniteForCausalLM",
        "granite",
        tie_word_embeddings=True,
        attention_bias=False,
        mlp_bias=False,
        embedding_multiplier=5.0,
        attention_multiplier=0.125,
        residual_multiplier=0.6,
        logits_scaling=4.0,
    )
    return [
        Case(
            "minicpm",
            "minicpm",
            minicpm,
            [
                rope("minicpm"),
                eps("minicpm"),
                Breaker("scale_emb", {"scale_emb": 1.0}, {"minicpm.embedding_scale": 1.0}),
                Breaker("scale_depth", {"scale_depth": 1.4}, {"minicpm.residual_scale": 1.4 / 2**0.5}),
                Breaker("dim_model_base", {"dim_model_base": 64}, {"minicpm.logit_scale": 1.0}),
            ],
        ),
        Case(
            "granite",
            "granite",
            granite,
            [
                rope("granite"),
                eps("granite"),
                Breaker("embedding_multiplier", {"embedding_multiplier": 1.0}, {"granite.embedding_scale": 1.0}),
                Breaker("attention_multiplier", {"attention_multiplier": 0.25}, {"granite.attention.scale": 0.25}),
                Breaker("residual_multiplier", {"residual_multiplier": 1.0}, {"granite.residual_scale": 1.0}),
                Breaker("logits_scaling", {"logits_scaling": 1.0}, {"granite.logit_scale": 1.0}),
            ],
        ),
    ]


def gpt_oss_cases() -> list[Case]:
    yarn = {
        "rope_type": "yarn",
        "factor": 8.0,
        "beta_fast": 32.0,
        "beta_slow": 1.0,
        "truncate": False,
        "original_max_position_embeddings": 128,
    }
    settings = base(
        "GptOssForCausalLM",
        "gpt_oss",
        head_dim=16,
        hidden_act="silu",
        attention_bias=True,
        intermediate_size=64,
        num_local_experts=4,
        num_experts_per_tok=2,
        max_position_embeddings=1024,
        sliding_window=16,
        layer_types=["sliding_attention", "full_attention"],
        rope_scaling=yarn,
        swiglu_limit=7.0,
        pad_token_id=0,
        quantization_config={
            "quant_method": "mxfp4",
            "modules_to_not_convert": [
                "model.layers.*.self_attn",
                "model.layers.*.mlp.router",
                "model.embed_tokens",
                "lm_head",
            ],
        },
    )
    arch = "gpt-oss"
    truncated = {"rope_scaling.truncate": True}
    plain = {key: value for key, value in settings.items() if key != "quantization_config"}
    breakers = [
        rope(arch),
        eps(arch),
        window(arch, 17, "window one too wide"),
        window(arch, 15, "window one too narrow"),
        Breaker("window in the wrong layers", {"layer_types": ["full_attention", "sliding_attention"]}),
        Breaker("sinks ignored", fill={"*sinks": -60000.0}, gguf_fill={"*attn_sinks.weight": -60000.0}),
        Breaker("yarn ignored", NO_SCALING, {f"{arch}.rope.scaling.type": "none"}),
        Breaker("yarn ramp rounded to whole dimensions", truncated),
        Breaker("swiglu limit", {"swiglu_limit": 1000.0}),
        Breaker("experts used", {"num_experts_per_tok": 3}, {f"{arch}.expert_used_count": 3}),
        Breaker("router softmax before the choice", structural="router-softmax-first"),
        Breaker("gate and up taken as halves", structural="gate-up-as-halves"),
        Breaker("missing attention biases", fill={"*self_attn.*_proj.bias": 0.0}, gguf_fill={"blk.*.attn_*.bias": 0.0}),
        Breaker("missing expert biases", fill={"*experts.*_bias": 0.0}, gguf_fill={"*_exps.bias": 0.0}),
        Breaker("missing router bias", fill={"*router.bias": 0.0}, gguf_fill={"*ffn_gate_inp.bias": 0.0}),
    ]
    note = "llama.cpp rounds the YaRN ramp's ends (GGUF has no key for truncate); the golden does not"
    return [
        # llama.cpp rounds activations to 8 bits before MXFP4 rows: it agrees only roughly.
        Case("gpt-oss", "gpt-oss", settings, breakers, "bf16", truncated, llamacpp_limit=0.3, note=note),
        # The same weights and logits with the experts decoded to bf16.
        Case("gpt-oss-bf16", "gpt-oss-bf16", plain, breakers[:2], None, truncated, note=note),
    ]
