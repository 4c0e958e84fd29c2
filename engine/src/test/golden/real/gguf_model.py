"""A real GGUF model as a float32 PyTorch model: every tensor decoded to f32, no other rounding."""

import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM

NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_norm": "input_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
NORMS = {
    "llama": {"ffn_norm": "post_attention_layernorm"},
    "gemma3": {
        "post_attention_norm": "post_attention_layernorm",
        "ffn_norm": "pre_feedforward_layernorm",
        "post_ffw_norm": "post_feedforward_layernorm",
    },
}


def load(llamacpp: Path, path: Path):
    sys.path.insert(0, str(llamacpp / "gguf-py"))
    import gguf

    reader = gguf.GGUFReader(path)
    meta = {key: field.contents() for key, field in reader.fields.items() if not key.startswith("tokenizer.")}
    arch = meta["general.architecture"]
    values = lambda key, default=None: meta.get(f"{arch}.{key}", default)
    config = {"llama": llama_config, "gemma3": gemma3_config}[arch](values)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", dtype=torch.float32).eval()
    weights = {}
    for tensor in reader.tensors:
        data = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy())
        weights[name_of(tensor.name, arch)] = restored(tensor.name, data, arch, config)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or [name for name in missing if name != "lm_head.weight"]:
        raise ValueError(f"missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    return model


def name_of(name: str, arch: str) -> str:
    top = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    if name in top:
        return top[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{ {**NAMES, **NORMS[arch]}[part]}.{kind}"


def restored(name: str, data: torch.Tensor, arch: str, config) -> torch.Tensor:
    if arch == "gemma3" and name.endswith("norm.weight"):
        return data - 1.0  # GGUF holds 1 + w
    if arch == "llama" and name.endswith(("attn_q.weight", "attn_k.weight")):
        heads = config.num_attention_heads if "attn_q" in name else config.num_key_value_heads
        # GGUF holds rotated pairs next to each other, transformers half a head apart.
        pairs = data.reshape(heads, data.shape[0] // heads // 2, 2, data.shape[1])
        return pairs.swapaxes(1, 2).reshape(data.shape).contiguous()
    return data


def llama_config(values):
    return AutoConfig.for_model(
        "llama",
        vocab_size=values("vocab_size"),
        hidden_size=values("embedding_length"),
        intermediate_size=values("feed_forward_length"),
        num_hidden_layers=values("block_count"),
        num_attention_heads=values("attention.head_count"),
        num_key_value_heads=values("attention.head_count_kv"),
        rms_norm_eps=values("attention.layer_norm_rms_epsilon"),
        rope_theta=values("rope.freq_base"),
        max_position_embeddings=values("context_length"),
        tie_word_embeddings=True,
    )


def gemma3_config(values):
    return AutoConfig.for_model(
        "gemma3_text",
        vocab_size=262144,
        hidden_size=values("embedding_length"),
        intermediate_size=values("feed_forward_length"),
        num_hidden_layers=values("block_count"),
        num_attention_heads=values("attention.head_count"),
        num_key_value_heads=values("attention.head_count_kv"),
        head_dim=values("attention.key_length"),
        query_pre_attn_scalar=values("attention.key_length"),
        rms_norm_eps=values("attention.layer_norm_rms_epsilon"),
        rope_theta=values("rope.freq_base"),
        rope_local_base_freq=values("rope.freq_base_swa", 10000.0),
        sliding_window=values("attention.sliding_window"),
        sliding_window_pattern=values("attention.sliding_window_pattern", 6),
        max_position_embeddings=values("context_length"),
        tie_word_embeddings=True,
    )
