"""The tiny models: one config.json each, and what must break it.

A breaker is a wrong setting that must move the logits. `config` is merged into config.json (a
dotted key reaches into an object), `gguf` names the same setting in GGUF metadata (None: a GGUF
file cannot say it, or llama.cpp derives it), `fill` and `gguf_fill` set whole tensors by pattern of
their Hugging Face or GGUF name, and `structural` names a change of the forward pass itself (reference.STRUCTURAL).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Breaker:
    what: str
    config: dict = field(default_factory=dict)
    gguf: dict | None = None
    fill: dict = field(default_factory=dict)
    gguf_fill: dict = field(default_factory=dict)
    structural: str | None = None


@dataclass(frozen=True)
class Case:
    name: str  # also config-NAME.json for all but the first case of a folder
    folder: str  # the model folder (weights) it uses
    config: dict
    breakers: list[Breaker]
    gguf: str | None = "f16"  # type of the checked-in GGUF, None: there is none
    # Where llama.cpp knowingly computes something else: the config, or the change of the forward
    # pass, with which the reference agrees with it.
    llamacpp_config: dict | None = None
    llamacpp_structural: str | None = None
    # Largest difference to llama.cpp over the logits' deviation; None: it has no such model.
    llamacpp_limit: float | None = 1e-3
    note: str = ""


@dataclass(frozen=True)
class Folder:
    seed: int
    dtype: str  # of model.safetensors
    sizes: dict = field(default_factory=dict)  # overrides of weights.RULES
    plus_one_norms: bool = False


# Gemma's folders are not F16: llama.cpp's converter would add 1 to the norms in f16, and round.
FOLDERS = {
    "llama": Folder(11, "F16"),
    "smollm3": Folder(12, "BF16", {"*embed_tokens.weight": 0.2, "model.norm.weight": 1.5}),
    "qwen2": Folder(13, "BF16", {"*embed_tokens.weight": 0.2, "model.norm.weight": 1.5}),
    "qwen3": Folder(14, "F16"),
    "gemma3": Folder(15, "BF16", {"*embed_tokens.weight": 0.025, "model.norm.weight": 8.0}, True),
    "gemma2": Folder(16, "BF16", {"*embed_tokens.weight": 0.025, "model.norm.weight": 8.0}, True),
    "phi3": Folder(17, "BF16"),
    "phi4-mini": Folder(18, "F16", {"*embed_tokens.weight": 0.2, "model.norm.weight": 1.5}),
    "minicpm": Folder(19, "F32", {"*embed_tokens.weight": 0.05, "model.norm.weight": 12.0}),
    "granite": Folder(20, "F16", {"*embed_tokens.weight": 0.05, "model.norm.weight": 20.0}),
    "qwen3moe": Folder(21, "BF16"),
    "gpt-oss": Folder(22, "BF16", {"*gate_up_proj*": 4.0}),
    "gpt-oss-bf16": Folder(22, "BF16", {"*gate_up_proj*": 4.0}),
}

EPS = 0.01


def base(architecture: str, model_type: str, **more) -> dict:
    """The shared shape: small, every dimension a multiple of 32, eps large enough to be seen."""
    return {
        "architectures": [architecture],
        "model_type": model_type,
        "vocab_size": 128,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "rms_norm_eps": EPS,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        **more,
    }


def rope(arch: str, theta: float = 20000.0) -> Breaker:
    return Breaker("rope base", {"rope_theta": theta}, {f"{arch}.rope.freq_base": theta})


def eps(arch: str) -> Breaker:
    return Breaker("norm epsilon", {"rms_norm_eps": 1e-5}, {f"{arch}.attention.layer_norm_rms_epsilon": 1e-5})


def window(arch: str, size: int, what: str, in_gguf: bool = True) -> Breaker:
    return Breaker(what, {"sliding_window": size}, {f"{arch}.attention.sliding_window": size} if in_gguf else None)


QK_NORM = Breaker("missing QK-norm", structural="no-qk-norm")
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}
GELU = "llama.cpp's GELU is a table in f16: compared with the reference given the same table"
NO_SCALING = {"rope_scaling": None}


def yarn_breakers(arch: str) -> list[Breaker]:
    scaling = f"{arch}.rope.scaling"
    return [
        Breaker("yarn ignored", NO_SCALING, {f"{scaling}.type": "none", f"{scaling}.factor": 1.0}),
        Breaker("yarn factor", {"rope_scaling.factor": 2.0}, {f"{scaling}.factor": 2.0}),
        Breaker(
            "yarn original context",
            {"rope_scaling.original_max_position_embeddings": 256},
            {f"{scaling}.original_context_length": 256},
        ),
        Breaker("yarn attention factor", {"rope_scaling.attention_factor": 1.0}),
    ]


def llama_cases() -> list[Case]:
    plain = base("LlamaForCausalLM", "llama", attention_bias=False, mlp_bias=False)
    llama3 = {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
    }
    mistral = {**plain, "architectures": ["MistralForCausalLM"], "model_type": "mistral", "sliding_window": 16}
    smollm3 = base(
        "SmolLM3ForCausalLM",
        "smollm3",
        num_hidden_layers=4,
        intermediate_size=64,
        tie_word_embeddings=True,
        no_rope_layers=[1, 1, 1, 0],
        no_rope_layer_interval=4,
        pad_token_id=0,
    )
    return [
        Case("llama", "llama", plain, [rope("llama"), eps("llama")]),
        Case(
            "llama3",
            "llama",
            {**plain, "rope_scaling": llama3},
            [
                rope("llama"),
                eps("llama"),
                Breaker("llama3 scaling ignored", NO_SCALING, gguf_fill={"rope_freqs.weight": 1.0}),
                Breaker("llama3 factor", {"rope_scaling.factor": 4.0}),
                Breaker("llama3 high frequency factor", {"rope_scaling.high_freq_factor": 2.0}),
            ],
        ),
        Case(
            "mistral",
            "llama",
            mistral,
            [
                rope("llama"),
                eps("llama"),
                window("llama", 17, "window one too wide", False),
                window("llama", 15, "window one too narrow", False),
                Breaker("window ignored", {"sliding_window": None}),
            ],
            gguf=None,
            llamacpp_limit=None,
            note="llama.cpp's converter drops Mistral's window (arch llama has none)",
        ),
        Case(
            "smollm3",
            "smollm3",
            smollm3,
            [
                rope("smollm3"),
                eps("smollm3"),
                Breaker("rope in every layer", {"no_rope_layers": [1, 1, 1, 1]}),
                Breaker("no rope in the wrong layer", {"no_rope_layers": [0, 1, 1, 1]}),
            ],
        ),
    ]


def qwen_cases() -> list[Case]:
    qwen2 = base("Qwen2ForCausalLM", "qwen2", tie_word_embeddings=True, use_sliding_window=False, sliding_window=16)
    qwen3 = base("Qwen3ForCausalLM", "qwen3", head_dim=32, intermediate_size=64, attention_bias=False)
    moe = base(
        "Qwen3MoeForCausalLM",
        "qwen3_moe",
        head_dim=16,
        attention_bias=False,
        num_experts=6,
        num_experts_per_tok=2,
        moe_intermediate_size=32,
        norm_topk_prob=True,
        decoder_sparse_step=1,
        mlp_only_layers=[],
    )
    bias = Breaker("missing q, k and v bias", fill={"*self_attn.*_proj.bias": 0.0}, gguf_fill={"blk.*.attn_?.bias": 0.0})
    sliding = {**qwen2, "use_sliding_window": True, "max_window_layers": 1}
    return [
        Case("qwen2", "qwen2", qwen2, [rope("qwen2"), eps("qwen2"), bias]),
        Case(
            "qwen2-yarn",
            "qwen2",
            {**qwen2, "rope_scaling": YARN},
            [rope("qwen2"), eps("qwen2"), bias, *yarn_breakers("qwen2")],
        ),
        Case(
            "qwen2-window",
            "qwen2",
            sliding,
            [
                rope("qwen2"),
                eps("qwen2"),
                window("qwen2", 17, "window one too wide", False),
                Breaker("window ignored", {"use_sliding_window": False}),
                Breaker("window in every layer", {"max_window_layers": 0}),
            ],
            gguf=None,
            llamacpp_limit=None,
            note="layers from max_window_layers on slide; llama.cpp ignores it",
        ),
        Case("qwen3", "qwen3", qwen3, [rope("qwen3"), eps("qwen3"), QK_NORM]),
        Case(
            "qwen3-yarn",
            "qwen3",
            {**qwen3, "rope_scaling": YARN},
            [rope("qwen3"), eps("qwen3"), QK_NORM, *yarn_breakers("qwen3")],
        ),
        Case(
            "qwen3moe",
            "qwen3moe",
            moe,
            [
                rope("qwen3moe"),
                eps("qwen3moe"),
                QK_NORM,
                Breaker("top-k not renormalised", {"norm_topk_prob": False}),
                Breaker("experts used", {"num_experts_per_tok": 3}, {"qwen3moe.expert_used_count": 3}),
            ],
        ),
    ]


def gemma_cases() -> list[Case]:
    shared = dict(
        head_dim=16,
        query_pre_attn_scalar=16,
        hidden_activation="gelu_pytorch_tanh",
        tie_word_embeddings=True,
        attention_bias=False,
        sliding_window=16,
        pad_token_id=0,
    )
    gemma3 = base(
        "Gemma3ForCausalLM",
        "gemma3_text",
        **{**shared, "num_hidden_layers": 6, "intermediate_size": 64, "sliding_window_pattern": 6},
        rope_local_base_freq=10000.0,
    )
    # The local base must differ from the global one to be told apart.
    gemma3["rope_theta"] = 1000000.0
    large = {**gemma3, "rope_scaling": {"rope_type": "linear", "factor": 8.0}, "final_logit_softcapping": 3.0}
    gemma2 = base(
        "Gemma2ForCausalLM",
        "gemma2",
        **{**shared, "num_hidden_layers": 2},
        attn_logit_softcapping=2.0,
        final_logit_softcapping=3.0,
    )
    common = [
        Breaker("global rope base", {"rope_theta": 10000.0}, {"gemma3.rope.freq_base": 10000.0}),
        Breaker("local rope base", {"rope_local_base_freq": 20000.0}, {"gemma3.rope.freq_base_swa": 20000.0}),
        eps("gemma3"),
        window("gemma3", 17, "window one too wide"),
        window("gemma3", 15, "window one too narrow"),
        Breaker(
            "window pattern",
            {"sliding_window_pattern": 3},
            {"gemma3.attention.sliding_window_pattern": 3},
        ),
        QK_NORM,
        Breaker("missing post norms", structural="no-post-norms"),
        Breaker("missing embedding scale", structural="no-embedding-scale"),
        Breaker("query_pre_attn_scalar", {"query_pre_attn_scalar": 32}),
    ]
    return [
        Case("gemma3", "gemma3", gemma3, common, llamacpp_structural="ggml-gelu", note=GELU),
        Case(
            "gemma3-large",
            "gemma3",
            large,
            [
                *common,
                Breaker("linear rope scaling ignored", NO_SCALING, {"gemma3.rope.scaling.factor": 1.0}),
                Breaker(
                    "final soft cap ignored",
                    {"final_logit_softcapping": None},
                    {"gemma3.final_logit_softcapping": 0.0},
                ),
                Breaker("final soft cap", {"final_logit_softcapping": 4.0}, {"gemma3.final_logit_softcapping": 4.0}),
            ],
            llamacpp_structural="ggml-gelu",
            note=GELU,
        ),
        Case(
            "gemma3-scalar",
            "gemma3",
            {**gemma3, "query_pre_attn_scalar": 24},
            [eps("gemma3"), Breaker("query_pre_attn_scalar", {"query_pre_attn_scalar": 16})],
            gguf=None,
            llamacpp_limit=None,
            note="GGUF has no key for query_pre_attn_scalar; llama.cpp derives it from the layer count",
        ),
        Case(
            "gemma2",
            "gemma2",
            gemma2,
            [
                rope("gemma2"),
                eps("gemma2"),
                window("gemma2", 17, "window one too wide"),
                Breaker(
                    "attention soft cap ignored",
                    {"attn_logit_softcapping": None},
                    {"gemma2.attn_logit_softcapping": 1e9},
                ),
                Breaker("attention soft cap", {"attn_logit_softcapping": 3.0}, {"gemma2.attn_logit_softcapping": 3.0}),
                Breaker(
                    "final soft cap ignored",
                    {"final_logit_softcapping": None},
                    {"gemma2.final_logit_softcapping": 0.0},
                ),
                Breaker("missing post norms", structural="no-post-norms"),
            ],
            llamacpp_structural="ggml-gelu",
            note=GELU,
        ),
    ]
