"""MXFP4 as gpt-oss's files on the Hub store it: blocks [.., in/32, 16] and scales [.., in/32].

A value is e2m1 (table below) times 2^(scale - 127); byte i of a block holds element 2i in its low
and element 2i+1 in its high four bits. (GGUF keeps element j and j+16 in byte j instead.)
Source: OCP Microscaling Formats v1.0; openai/gpt-oss `torch/weights.py`.
"""

import torch

VALUES = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
VALUES = torch.cat([VALUES, -VALUES])


def encode(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    blocks = weights.reshape(*weights.shape[:-1], weights.shape[-1] // 32, 32)
    largest = blocks.abs().amax(-1).clamp(min=2.0**-100)
    exponent = torch.floor(torch.log2(largest)) - 2  # the largest code is 6 = 1.5 * 2^2
    scaled = blocks / torch.exp2(exponent)[..., None]
    codes = (scaled[..., None] - VALUES).abs().argmin(-1).to(torch.uint8)
    packed = codes[..., 0::2] | (codes[..., 1::2] << 4)
    return packed, (exponent + 127).to(torch.uint8)


def decode(packed: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    codes = torch.stack([packed & 15, packed >> 4], dim=-1).reshape(*packed.shape[:-1], 32)
    values = VALUES[codes.long()] * torch.exp2(scales.float() - 127)[..., None]
    return values.reshape(*values.shape[:-2], -1)
