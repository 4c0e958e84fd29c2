"""Scores a text as llama-perplexity does: windows of 512 tokens, the second half of each scored."""

import subprocess
from pathlib import Path

import torch

WINDOW = 512
WINDOWS = 8


def tokenize(llamacpp: Path, model: Path, text: str, bos: bool = True, special: bool = False) -> list[int]:
    command = [str(llamacpp / "build/bin/llama-tokenize"), "-m", str(model), "--ids", "--stdin", "--log-disable"]
    if not special:
        command.append("--no-parse-special")
    if not bos:
        command.append("--no-bos")
    out = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()
    return [int(n) for n in out[out.rindex("[") + 1 : out.rindex("]")].split(",")]


def windows(tokens: list[int], bos: int | None) -> list[list[int]]:
    """The first WINDOWS windows. Where the model wants it, each starts with `bos` in place of its
    first token."""
    found = [tokens[i * WINDOW : (i + 1) * WINDOW] for i in range(WINDOWS)]
    if len(found[-1]) < WINDOW:
        raise ValueError(f"only {len(tokens)} tokens")
    return found if bos is None else [[bos, *w[1:]] for w in found]


def score(model, window: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probabilities (f64) after each token of the second half but the last, and what follows."""
    first = WINDOW // 2
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([window]), use_cache=False).logits[0, first:-1]
    return torch.log_softmax(logits.double(), -1), torch.tensor(window[first + 1 :])
