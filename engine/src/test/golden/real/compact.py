"""A next-token distribution made small, and the KL divergence from what is kept of it.

Kept per scored position: the log-probability of the token that follows, of the TOP most likely
tokens, and of SAMPLES tokens drawn from the rest in proportion to their probability.

With p the reference, q another model and r = q/p, KL(p, q) = sum p (r - 1 - ln r), since p and q
both sum to 1; no term is negative. The terms of the TOP tokens are exact; those of the rest are
estimated by (mass of the rest) * mean over the samples, which is unbiased (q must be normalised
over the whole vocabulary). Lumping the rest into one bucket instead would only bound KL from
below. See Schulman, "Approximating KL divergence" (estimator k3).
"""

import gzip

import numpy as np
import torch

TOP = 64
SAMPLES = 16


def keep(log_p: torch.Tensor, targets: torch.Tensor, generator: torch.Generator) -> dict[str, np.ndarray]:
    """log_p: (positions, vocabulary) in f64; targets: (positions)."""
    top_values, top_ids = torch.topk(log_p, TOP, dim=-1)
    rest = log_p.exp().scatter(-1, top_ids, 0.0)
    sample_ids = torch.multinomial(rest, SAMPLES, replacement=True, generator=generator)
    ids = torch.cat([top_ids, sample_ids], -1)
    return {
        "target": log_p.gather(-1, targets[:, None])[:, 0].numpy().astype("<f4"),
        "rest": rest.sum(-1).numpy().astype("<f4"),
        "ids": ids.numpy().astype("<i4"),
        "log_p": log_p.gather(-1, ids).numpy().astype("<f4"),
    }


def write(path, tokens: list[int], kept: list[dict[str, np.ndarray]]):
    """Little endian, one array after the other: tokens i32, targets f32, rest f32 (mass),
    ids i32 and log-probabilities f32 (positions, TOP + SAMPLES)."""
    parts = [np.asarray(tokens, "<i4").tobytes()]
    for field in ("target", "rest", "ids", "log_p"):
        parts.append(np.concatenate([k[field] for k in kept]).tobytes())
    path.write_bytes(gzip.compress(b"".join(parts), 9, mtime=0))


def read(path, windows: int, window: int) -> dict[str, np.ndarray]:
    data = gzip.decompress(path.read_bytes())
    count = windows * (window - window // 2 - 1)
    wide = count * (TOP + SAMPLES)
    layout = [("tokens", "<i4", windows * window), ("target", "<f4", count), ("rest", "<f4", count)]
    layout += [("ids", "<i4", wide), ("log_p", "<f4", wide)]
    fields, at = {}, 0
    for name, kind, length in layout:
        fields[name] = np.frombuffer(data, kind, length, at)
        at += 4 * length
    if at != len(data):
        raise ValueError(f"{path}: {len(data)} bytes, expected {at}")
    for name in ("ids", "log_p"):
        fields[name] = fields[name].reshape(count, TOP + SAMPLES)
    return fields


def mean_kl(golden: dict[str, np.ndarray], log_q: np.ndarray) -> float:
    """log_q: (positions, TOP + SAMPLES), the other model's log-probabilities of the kept ids."""
    log_p = golden["log_p"].astype(np.float64)
    difference = log_q - log_p
    terms = np.expm1(difference) - difference
    top = (np.exp(log_p[:, :TOP]) * terms[:, :TOP]).sum(-1)
    return float((top + golden["rest"] * terms[:, TOP:].mean(-1)).mean())
