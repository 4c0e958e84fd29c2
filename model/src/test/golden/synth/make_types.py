"""Writes which type llama.cpp's quantiser gives each weight, per shape and type asked for.

    python make_types.py --nearside ./nearside --quantize PATH_TO_LLAMA_QUANTIZE --out types.txt

Last made with llama.cpp 3f545becc. One line per (shape, type, kind of tensor): the types of the
layers in order, with their counts.
"""

import argparse
import itertools
import pathlib
import re
import subprocess
import tempfile

SHAPES = ["smollm2-135m", "qwen3-0.6b", "minicpm4-0.5b", "r1-distill-qwen-1.5b", "tiny-llama",
          "tiny-phi", "tiny-qwen3moe", "tiny-gpt-oss"]
TYPES = ["Q8_0", "Q6_K", "Q5_0", "Q5_1", "Q5_K_M", "Q5_K_S", "Q4_0", "Q4_1", "Q4_K_M", "Q4_K_S",
         "IQ4_NL", "IQ4_XS", "Q3_K_L", "Q3_K_M", "Q3_K_S", "Q2_K", "Q2_K_S", "TQ2_0", "TQ1_0",
         "MXFP4_MOE"]
ROW = re.compile(r"^\[\s*\d+/\s*\d+\] (\S+)\s+- \[[^\]]*\], type =\s*(\S+?), (.*)$")


def types_of(quantize, model, wanted):
    command = [quantize, "--allow-requantize", "--dry-run", model, wanted]
    out = subprocess.run(command, check=True, capture_output=True)
    found = {}
    for line in (out.stdout + out.stderr).decode(errors="replace").splitlines():
        row = ROW.match(line)
        if row:
            name, before, rest = row.groups()
            after = re.search(r"-> .*\((\S+)\)", rest)
            found[name] = (after.group(1) if after else before).upper()
    return found


def kind(name):
    return re.sub(r"^blk\.\d+\.", "", name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nearside", required=True)
    parser.add_argument("--quantize", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for shape in SHAPES:
            model = f"{folder}/model.gguf"
            subprocess.run([args.nearside, "synth", shape, "Q2_K", model], check=True)
            for wanted in TYPES:
                found = types_of(args.quantize, model, wanted)
                by_kind = {}
                for name, got in found.items():
                    if not got == "F32":
                        layer = int(name.split(".")[1]) if name.startswith("blk.") else -1
                        by_kind.setdefault(kind(name), []).append((layer, got))
                for k, got in sorted(by_kind.items()):
                    runs = itertools.groupby(t for _, t in sorted(got))
                    text = " ".join(f"{t}*{len(list(g))}" for t, g in runs)
                    lines.append(f"{shape} {wanted} {k} {text}")
    args.out.write_text("\n".join(lines) + "\n")


main()
