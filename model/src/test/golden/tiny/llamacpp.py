"""Asks llama.cpp for the next-token log-probabilities of a tiny GGUF model, through llama-server."""

import json
import subprocess
import time
import urllib.request
from pathlib import Path

import torch

PORT = 18437


def log_probabilities(
    llamacpp: Path, model: Path, prompt: list[int], positions: list[int], extra: list[str] = ()
) -> torch.Tensor:
    """(positions, vocabulary), each after the prompt's first position + 1 tokens; `extra` flags."""
    process = start(llamacpp, model, ["-ctk", "f32", "-ctv", "f32", *extra])
    try:
        return torch.stack([after(prompt[: p + 1]) for p in positions])
    finally:
        process.terminate()
        process.wait()


def start(llamacpp: Path, model: Path, options: list[str]) -> subprocess.Popen:
    """A server that answers; the caller ends it."""
    server = llamacpp / "build" / "bin" / "llama-server"
    command = [str(server), "-m", str(model), "--port", str(PORT), "-c", "256", "-np", "1", "-t", "1"]
    command += ["-fa", "off", "--no-warmup", "-ngl", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until_ready(process)
    except BaseException:
        process.kill()
        raise
    return process


def wait_until_ready(process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("llama-server ended: " + process.stderr.read()[-2000:])
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=1).read()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("llama-server did not start")


def after(tokens: list[int]) -> torch.Tensor:
    body = {"prompt": tokens, "n_predict": 1, "n_probs": 128, "cache_prompt": False, "temperature": 0.0, "seed": 1}
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/completion", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    answer = json.loads(urllib.request.urlopen(request, timeout=60).read())
    row = torch.full((128,), float("nan"))
    for entry in answer["completion_probabilities"][0]["top_logprobs"]:
        row[entry["id"]] = entry["logprob"]
    return row
