"""The whole comparison of a quantised model with itself in float32 on a text. See ../README.md.

    python full_kl.py --llamacpp DIR --model FILE.gguf --text FILE.txt --scratch DIR [--chunks N]
        [--nearside COMMAND]
"""

import argparse
import shlex
import subprocess
from pathlib import Path


def run(command: list):
    print("+", " ".join(map(str, command)), flush=True)
    subprocess.run([str(part) for part in command], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--llamacpp", type=Path, required=True, help="a checkout of llama.cpp, built in build/")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True, help="for the F32 model and the logits: gigabytes")
    parser.add_argument("--chunks", type=int, default=-1, help="windows of 512 tokens; -1: the whole text")
    parser.add_argument("--nearside", default="nearside", help="how to start Nearside; empty: llama.cpp alone")
    args = parser.parse_args()
    tools = args.llamacpp / "build" / "bin"
    wide = args.scratch / f"{args.model.stem}.f32.gguf"
    logits = args.scratch / f"{args.model.stem}.{args.text.stem}.kld"
    common = ["-f", args.text, "-c", 512, "--chunks", args.chunks]
    if not wide.exists():
        run([tools / "llama-quantize", "--allow-requantize", args.model, wide, "F32"])
    exact = ["-fa", "off", "-ctk", "f32", "-ctv", "f32"]
    run([tools / "llama-perplexity", "-m", wide, *common, *exact, "--save-all-logits", logits])
    compare = ["--kl-divergence", "--kl-divergence-base", logits]
    run([tools / "llama-perplexity", "-m", args.model, *common, *compare])
    if args.nearside:
        run([*shlex.split(args.nearside), "perplexity", args.model, "--kl-divergence-base", logits])


if __name__ == "__main__":
    main()
