"""Random weights of the tiny models: seeded, large enough to matter, exact in both bf16 and f16."""

import fnmatch

import numpy as np
import torch

# (pattern of the Hugging Face name, rule, size). The first match wins. `gain` is divided by
# sqrt(fan-in), so a gain of 1 keeps the scale of a unit input.
RULES = [
    ("*self_attn.q_norm.weight", "norm", 1.4),
    ("*self_attn.k_norm.weight", "norm", 1.4),
    ("model.norm.weight", "norm", 1.0),
    ("*norm.weight", "norm", 1.0),
    ("*sinks", "plain", 1.5),
    ("*router.weight", "gain", 2.0),
    ("*mlp.gate.weight", "gain", 2.0),
    ("*bias", "plain", 0.5),
    ("*embed_tokens.weight", "plain", 0.15),
    ("lm_head.weight", "gain", 2.5),
    ("*q_proj.weight", "gain", 1.6),
    ("*k_proj.weight", "gain", 1.6),
    ("*qkv_proj.weight", "gain", 1.4),
    ("*v_proj.weight", "gain", 1.2),
    ("*gate_proj.weight", "gain", 1.5),
    ("*up_proj.weight", "gain", 1.5),
    ("*gate_up_proj*", "gain", 1.5),
    ("*", "gain", 1.0),
]


def representable(values: np.ndarray) -> torch.Tensor:
    """Rounds to bf16 and flushes what f16 would hold only as a subnormal, so that one set of
    values is exact in f32, f16 and bf16 and every file of a model holds the same model."""
    rounded = torch.from_numpy(values.astype(np.float32)).to(torch.bfloat16).to(torch.float32)
    return torch.where(rounded.abs() < 2.0**-14, torch.zeros_like(rounded), rounded)


def draw(shapes: dict[str, torch.Size], seed: int, plus_one_norms: bool, sizes: dict[str, float]):
    """One tensor per name, in the order of the names. `plus_one_norms`: the model multiplies by
    1 + weight (Gemma). `sizes` overrides the size of a rule, by its pattern."""
    rng = np.random.default_rng(seed)
    tensors = {}
    for name in sorted(shapes):
        shape = tuple(shapes[name])
        pattern, rule, size = next(r for r in RULES if fnmatch.fnmatch(name, r[0]))
        size = sizes.get(pattern, size)
        noise = rng.standard_normal(shape)
        if rule == "norm":
            values = size * (1.0 + 0.25 * np.clip(noise, -2.5, 2.5)) - (1.0 if plus_one_norms else 0.0)
        elif rule == "plain":
            values = size * noise
        else:
            # Fan-in is the last dimension of a Linear; gpt-oss stores experts transposed, but
            # there in == out up to a factor of two, which does not matter here.
            values = size * noise / np.sqrt(shape[-1])
        tensors[name] = representable(values)
    return tensors
