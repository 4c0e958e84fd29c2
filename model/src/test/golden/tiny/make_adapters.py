"""Makes tiny LoRA adapters and the logits that models have with them. See README.md.

The adapters are drawn in PEFT's layout and converted by llama.cpp's convert_lora_to_gguf.py. The
reference is PyTorch with the weights merged: W + scale · alpha / rank · B A; llama.cpp, unmerged,
is the second opinion.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cases
import folder
import gguf_files
import llamacpp
import numpy as np
import reference
import torch
from make_tiny import POSITIONS, PROMPT
from safetensors.torch import save_file

ATTENTION = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"]
DENSE = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]

# name: model folder, rank, alpha, type of the file, changed parts of each layer, others
ADAPTERS = {
    "whole": ("llama", 4, 8.0, "f32", ATTENTION + DENSE, ["lm_head", "model.embed_tokens"]),
    "narrow": ("llama", 8, 0.0, "f16", ["self_attn.q_proj", "mlp.up_proj"], []),
    "wide": ("llama", 32, 48.0, "q8_0", ["self_attn.v_proj", "mlp.gate_proj"], []),
    "fused": ("phi3", 4, 4.0, "bf16", ["self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj"], []),
    "experts": ("qwen3moe", 2, 4.0, "f32", ["self_attn.q_proj", "mlp.gate", "mlp.experts"], []),
}

# name: model folder, adapters with their scales
RUNS = {
    "whole": ("llama", [("whole", 1.0)]),
    "several": ("llama", [("narrow", 0.75), ("whole", -0.5), ("wide", 1.5)]),
    "fused": ("phi3", [("fused", 1.25)]),
    "experts": ("qwen3moe", [("experts", 0.5)]),
}


def names(config: dict, layer_parts: list[str], others: list[str]):
    for layer in range(config["num_hidden_layers"]):
        for part in layer_parts:
            prefix = f"model.layers.{layer}.{part}"
            if part == "mlp.experts":
                for e in range(config["num_experts"]):
                    yield from (f"{prefix}.{e}.{p}_proj" for p in ("gate", "up", "down"))
            else:
                yield prefix
    yield from others


def draw(name: str, config: dict, stored: dict) -> dict:
    """A and B for each changed matrix of the Hub's layout; values that f16 and bf16 hold exactly,
    and q8_0 nearly."""
    _, rank, _, _, layer_parts, others = ADAPTERS[name]
    random = np.random.Generator(np.random.PCG64(len(name) * 1000 + rank))
    pairs = {}
    for matrix in names(config, layer_parts, others):
        rows, cols = stored[matrix + ".weight"].shape
        if matrix.endswith("embed_tokens"):  # A of an embedding is (rank, vocab), B (hidden, rank)
            rows, cols = cols, rows
        std = stored[matrix + ".weight"].float().std().item()
        a = random.normal(0, 1, (rank, cols)) / np.sqrt(cols)
        b = random.normal(0, 1, (rows, rank)) * std * np.sqrt(cols) / rank / 2
        pairs[matrix] = tuple(torch.from_numpy(np.float32(v)).bfloat16().float() for v in (a, b))
    return pairs


def convert(name: str, kind: str, base: Path, pairs: dict, out: Path, checkout: Path):
    _, rank, alpha, *_ = ADAPTERS[name]
    with tempfile.TemporaryDirectory() as scratch:
        tensors = {}
        for matrix, (a, b) in pairs.items():
            infix = ".lora_embedding_" if matrix.endswith("embed_tokens") else ".lora_"
            suffix = "" if matrix.endswith("embed_tokens") else ".weight"
            tensors[f"base_model.model.{matrix}{infix}A{suffix}"] = a
            tensors[f"base_model.model.{matrix}{infix}B{suffix}"] = b
        save_file(tensors, Path(scratch) / "adapter_model.safetensors")
        settings = {"lora_alpha": alpha, "r": rank, "peft_type": "LORA"}
        (Path(scratch) / "adapter_config.json").write_text(json.dumps(settings))
        tool = [sys.executable, str(checkout / "convert_lora_to_gguf.py"), scratch]
        flags = ["--base", str(base), "--outtype", kind, "--outfile", str(out)]
        subprocess.run(tool + flags, check=True, capture_output=True)


def stored_values(name: str, pairs: dict) -> dict:
    """What the file holds: q8_0 rounds."""
    if ADAPTERS[name][3] != "q8_0":
        return pairs
    import gguf

    def round_trip(x):
        if x.shape[-1] % 32:
            return x
        kind = gguf.GGMLQuantizationType.Q8_0
        return torch.from_numpy(gguf.quants.dequantize(gguf.quants.quantize(x.numpy(), kind), kind))

    return {matrix: (round_trip(a), round_trip(b)) for matrix, (a, b) in pairs.items()}


def merge(tensors: dict, name: str, scale: float, pairs: dict):
    """Adds the adapter to the weights as transformers holds them."""
    _, rank, alpha, _, _, _ = ADAPTERS[name]
    factor = scale * (alpha / rank if alpha else 1.0)
    for matrix, (a, b) in stored_values(name, pairs).items():
        delta = factor * (b @ a)
        if matrix.endswith("embed_tokens"):
            delta = delta.T
        if ".experts." not in matrix:
            tensors[matrix + ".weight"] = tensors[matrix + ".weight"] + delta
            continue
        prefix, rest = matrix.split(".experts.")
        expert, part = rest.split(".")
        key = f"{prefix}.experts." + ("down_proj" if part == "down_proj" else "gate_up_proj")
        whole = tensors[key].clone()
        half = whole.shape[1] // 2
        rows = {"gate_proj": slice(0, half), "up_proj": slice(half, None), "down_proj": slice(None)}
        whole[int(expert), rows[part]] += delta
        tensors[key] = whole


def second_opinion(args, model: str, config: dict, used: list, drawn: dict) -> torch.Tensor:
    """llama.cpp's log-probabilities, unmerged. All in f32: with other types it rounds activations."""
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch) / "base.gguf"
        gguf_files.convert(args.llamacpp, args.out / model, config, base, "f32")
        scaled = []
        for name, scale in used:
            file = Path(scratch) / f"{name}.gguf"
            pairs = stored_values(name, drawn[name])
            convert(name, "f32", args.out / model, pairs, file, args.llamacpp)
            scaled.append(f"{file}:{scale}")
        flags = ["--lora-scaled", ",".join(scaled)]
        return llamacpp.log_probabilities(args.llamacpp, base, PROMPT, POSITIONS, flags)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--llamacpp", type=Path, required=True, help="a checkout of llama.cpp, built in build/")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sys.path[:0] = [str(args.llamacpp / "gguf-py")]
    target = args.out / "adapters"
    target.mkdir(exist_ok=True)
    models, drawn = {}, {}
    for name, (model, *_) in ADAPTERS.items():
        config = json.loads((args.out / model / "config.json").read_text())
        models[model] = config, *folder.draw(cases.FOLDERS[model], config)
        drawn[name] = draw(name, config, models[model][2])
        kind = ADAPTERS[name][3]
        convert(name, kind, args.out / model, drawn[name], target / f"{name}.gguf", args.llamacpp)
    index = []
    for run, (model, used) in RUNS.items():
        config, tensors, _ = models[model]
        base = reference.logits(reference.build(config, tensors), PROMPT, POSITIONS)
        merged = dict(tensors)
        for name, scale in used:
            merge(merged, name, scale, drawn[name])
        golden = reference.logits(reference.build(config, merged), PROMPT, POSITIONS)
        golden.numpy().astype("<f4").tofile(target / f"{run}.logits.f32")
        other = second_opinion(args, model, config, used, drawn)
        std = golden.std()
        difference = ((other - torch.log_softmax(golden, -1)).abs().max() / std).item()
        moved = (golden - base).pow(2).mean().sqrt().item() / std.item()
        print(f"{run:10} std {std:.3f}  moved {moved:.3f}  llama.cpp {difference:.1e}")
        if moved < 0.1 or difference > 1e-3:
            raise ValueError(f"{run}: not fit to be golden")
        index.append({"name": run, "model": model, "logitsStd": std.item(), "moved": moved,
                      "llamacppDifference": difference,
                      "adapters": [{"file": f"{name}.gguf", "scale": scale} for name, scale in used]})
    (target / "index.json").write_text(json.dumps({"runs": index}, indent=1) + "\n")


if __name__ == "__main__":
    main()
