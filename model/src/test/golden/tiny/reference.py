"""Runs the reference implementation (PyTorch transformers, eager attention) on one tiny model."""

import copy

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def as_config(settings: dict):
    """The transformers configuration of a config.json given as a dict."""
    settings = copy.deepcopy(settings)
    if settings["model_type"] == "minicpm":
        return minicpm_as_granite(settings)
    settings.pop("quantization_config", None)
    return AutoConfig.for_model(**settings)


def minicpm_as_granite(settings: dict):
    """MiniCPM has no class in transformers (its code lives on the Hub). Its arithmetic, by that
    code: embeddings times scale_emb, each branch times scale_depth / sqrt(layers), the last
    hidden state divided by hidden_size / dim_model_base, attention by 1/sqrt(head_dim). Granite's
    four multipliers express exactly that, so Granite's class is the reference."""
    layers, hidden = settings["num_hidden_layers"], settings["hidden_size"]
    settings["model_type"] = "granite"
    settings["architectures"] = ["GraniteForCausalLM"]
    settings["embedding_multiplier"] = settings.pop("scale_emb")
    settings["residual_multiplier"] = settings.pop("scale_depth") / layers**0.5
    settings["logits_scaling"] = hidden / settings.pop("dim_model_base")
    settings["attention_multiplier"] = (hidden // settings["num_attention_heads"]) ** -0.5
    return AutoConfig.for_model(**settings)


def empty_model(settings: dict):
    config = as_config(settings)
    plain = {"attn_implementation": "eager", "experts_implementation": "eager"}
    return AutoModelForCausalLM.from_config(config, dtype=torch.float32, **plain).eval()


def build(settings: dict, tensors: dict[str, torch.Tensor], structural=None):
    """A model with these weights; `structural` may change it (see STRUCTURAL)."""
    model = empty_model(settings)
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    missing = [name for name in missing if name != "lm_head.weight"]
    if missing or unexpected:
        raise ValueError(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    if structural is not None:
        STRUCTURAL[structural](model)
    return model


def logits(model, prompt: list[int], positions: list[int]) -> torch.Tensor:
    """Logits (positions, vocabulary) of one forward pass over the whole prompt."""
    with torch.no_grad():
        out = model(input_ids=torch.tensor([prompt]), use_cache=False).logits[0]
    return out[positions]


def without_qk_norm(model):
    for layer in model.model.layers:
        layer.self_attn.q_norm = torch.nn.Identity()
        layer.self_attn.k_norm = torch.nn.Identity()


def without_post_norms(model):
    for layer in model.model.layers:
        layer.post_attention_layernorm = torch.nn.Identity()
        layer.post_feedforward_layernorm = torch.nn.Identity()


def without_embedding_scale(model):
    model.model.embed_tokens.embed_scale.fill_(1.0)


def with_router_softmax_first(model):
    """gpt-oss with the softmax over all experts, before the choice, and not renormalised."""
    import torch.nn.functional as F

    def forward(self, hidden):
        scores = F.softmax(F.linear(hidden, self.weight, self.bias), dim=-1)
        top, index = torch.topk(scores, self.top_k, dim=-1)
        return scores, top, index

    for layer in model.model.layers:
        layer.mlp.router.forward = forward.__get__(layer.mlp.router)


def with_interleaved_halves_swapped(model):
    """gpt-oss with gate and up taken as halves instead of interleaved rows."""

    def gate(self, both):
        gate, up = both.chunk(2, dim=-1)
        gate, up = gate.clamp(max=self.limit), up.clamp(-self.limit, self.limit)
        return (up + 1) * gate * torch.sigmoid(gate * self.alpha)

    for layer in model.model.layers:
        layer.mlp.experts._apply_gate = gate.__get__(layer.mlp.experts)


def with_ggml_gelu(model):
    """ggml's CPU GELU: a table over f16 inputs with f16 outputs (ggml/src/ggml-cpu/vec.h)."""

    class TableGelu(torch.nn.Module):
        def forward(self, x):
            table = torch.nn.functional.gelu(x.half().float(), approximate="tanh").half().to(x.dtype)
            return torch.where(x <= -10, 0.0, torch.where(x >= 10, x, table))

    for layer in model.model.layers:
        layer.mlp.act_fn = TableGelu()


STRUCTURAL = {
    "ggml-gelu": with_ggml_gelu,
    "no-qk-norm": without_qk_norm,
    "no-post-norms": without_post_norms,
    "no-embedding-scale": without_embedding_scale,
    "router-softmax-first": with_router_softmax_first,
    "gate-up-as-halves": with_interleaved_halves_swapped,
}
