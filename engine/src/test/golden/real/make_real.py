"""Makes the golden files of the real models. See ../README.md for the command."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import compact
import greedy
import gguf_model
import jinja2
import numpy as np
import prompts
import scoring
import torch
import transformers

MODELS = {
    "smollm2-135m": {"file": "SmolLM2-135M-Instruct.Q4_1.gguf", "bos": None, "ends": {2}, "chat": True},
    "gemma3-270m-base": {"file": "gemma-3-270m-q4_k_m.gguf", "bos": 2, "ends": {1, 106}, "chat": False},
}
TEXTS = {
    "english": ("tinyshakespeare.txt", "public domain; karpathy/char-rnn@6f9487a6, tinyshakespeare"),
    "chinese": ("zh-tech-mnn-docs.txt", "Apache-2.0; paragraphs of alibaba/MNN@4d40bdbd docs/*.md"),
}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def score_text(model, tokens: list[int], bos, out: Path) -> dict:
    generator = torch.Generator().manual_seed(1)
    kept, total = [], []
    for window in scoring.windows(tokens, bos):
        log_p, targets = scoring.score(model, window)
        kept.append(compact.keep(log_p, targets, generator))
        total += window
    compact.write(out, total, kept)
    target = np.concatenate([k["target"] for k in kept]).astype(np.float64)
    rest = np.concatenate([k["rest"] for k in kept])
    print(f"{out.name}: perplexity {np.exp(-target.mean()):.4f}, mean mass beyond the top {rest.mean():.3f}")
    return {"perplexity": float(np.exp(-target.mean())), "positions": len(target)}


def prompt_texts(spec: dict, gguf_path: Path, llamacpp: Path) -> list[str]:
    if not spec["chat"]:
        return prompts.PLAIN
    sys.path.insert(0, str(llamacpp / "gguf-py"))
    import gguf

    source = gguf.GGUFReader(gguf_path).fields["tokenizer.chat_template"].contents()
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(source)
    users = [[{"role": "user", "content": text}] for text in prompts.CHAT]
    return [template.render(messages=messages, add_generation_prompt=True) for messages in users]


def greedy_entries(model, spec: dict, path: Path, llamacpp: Path) -> list[dict]:
    entries = []
    for text in prompt_texts(spec, path, llamacpp):
        ids = scoring.tokenize(llamacpp, path, text, special=True)
        expected, gaps = greedy.continuation(model, ids, spec["ends"])
        entries.append({"text": text, "prompt": ids, "expected": expected, "gaps": gaps})
    print(f"greedy: smallest gaps {sorted(min(e['gaps']) for e in entries)[:4]}")
    return entries


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--llamacpp", type=Path, required=True, help="a checkout of llama.cpp, built in build/")
    parser.add_argument("--models", type=Path, required=True, help="the folder of the two GGUF files")
    parser.add_argument("--texts", type=Path, required=True, help="the folder of the texts")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    for name, spec in MODELS.items():
        path = args.models / spec["file"]
        model = gguf_model.load(args.llamacpp, path)
        index = {
            "model": {"file": spec["file"], "sha256": sha256(path)},
            "reference": f"float32, transformers {transformers.__version__}, torch {torch.__version__}",
            "window": scoring.WINDOW,
            "windows": scoring.WINDOWS,
            "top": compact.TOP,
            "samples": compact.SAMPLES,
            "texts": {},
        }
        for language, (file, source) in TEXTS.items():
            text = (args.texts / file).read_text()
            tokens = scoring.tokenize(args.llamacpp, path, text)
            out = args.out / f"{name}.{language}.gz"
            scores = score_text(model, tokens, spec["bos"], out)
            index["texts"][language] = {"scores": out.name, "source": source, "sha256": sha256(args.texts / file), **scores}
        index["greedy"] = greedy_entries(model, spec, path, args.llamacpp)
        (args.out / f"{name}.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
