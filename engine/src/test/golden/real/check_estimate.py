"""Compares the divergence estimated from a golden file with the true one, for a disturbed model.

Every weight matrix gets relative noise of the given size; the true divergence uses the whole
vocabulary. Run after make_real.py."""

import argparse
import json
from pathlib import Path

import compact
import gguf_model
import numpy as np
import scoring
import torch
from make_real import MODELS, TEXTS


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--golden", type=Path, required=True)
    parser.add_argument("--llamacpp", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--model", choices=MODELS, default="smollm2-135m")
    parser.add_argument("--noise", type=float, default=2e-3)
    parser.add_argument("--windows", type=int, default=2)
    args = parser.parse_args()
    path = args.models / MODELS[args.model]["file"]
    model = gguf_model.load(args.llamacpp, path)
    index = json.loads((args.golden / f"{args.model}.json").read_text())
    for language in TEXTS:
        golden = compact.read(args.golden / index["texts"][language]["scores"], scoring.WINDOWS, scoring.WINDOW)
        windows = golden["tokens"].reshape(scoring.WINDOWS, -1)[: args.windows].tolist()
        base = [scoring.score(model, window)[0] for window in windows]
        saved = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        disturb(model, args.noise)
        other = [scoring.score(model, window)[0] for window in windows]
        model.load_state_dict(saved)
        compare(language, base, other, golden)


def disturb(model, noise: float):
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 2 and "embed" not in name:
                weight.mul_(1 + noise * torch.randn(weight.shape, generator=generator))


def compare(language: str, base: list, other: list, golden: dict):
    p, q = torch.cat(base), torch.cat(other)
    count = len(p)
    true = (p.exp() * (p - q)).sum(-1).mean().item()
    part = {name: golden[name][:count] for name in ("log_p", "rest", "ids", "target")}
    ids = torch.from_numpy(part["ids"].astype(np.int64))
    same = np.abs(p.gather(-1, ids).numpy() - part["log_p"]).max()
    estimate = compact.mean_kl(part, q.gather(-1, ids).numpy())
    print(f"{language}: true {true:.4e}, estimated {estimate:.4e}, golden log-probabilities within {same:.1e}")


if __name__ == "__main__":
    main()
