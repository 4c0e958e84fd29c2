"""Makes the tiny golden models. See README.md for the command."""

import argparse
import copy
import fnmatch
import json
import tempfile
from pathlib import Path

import cases
import cases_more
import folder
import gguf_files
import llamacpp
import numpy as np
import reference
import torch
import transformers

POSITIONS = [0, 1, 7, 16, 31, 63, 64, 79]
# Token 1 is the beginning of the text; the others are drawn.
PROMPT = [1] + np.random.default_rng(7).integers(3, 128, 79).tolist()

ALL = [
    *cases.llama_cases(),
    *cases.qwen_cases(),
    *cases.gemma_cases(),
    *cases_more.phi_cases(),
    *cases_more.scaled_cases(),
    *cases_more.gpt_oss_cases(),
]


def merged(config: dict, changes: dict) -> dict:
    """The config with the changes: dotted keys reach into objects, None removes."""
    config = copy.deepcopy(config)
    for key, value in changes.items():
        place = config
        *path, last = key.split(".")
        for step in path:
            place = place[step]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return config


def filled(tensors: dict, fill: dict) -> dict:
    result = dict(tensors)
    for pattern, value in fill.items():
        names = fnmatch.filter(tensors, pattern)
        if not names:
            raise ValueError(f"no tensor matches {pattern}")
        result.update({name: torch.full_like(tensors[name], value) for name in names})
    return result


def run(config: dict, tensors: dict, structural=None, double=False) -> torch.Tensor:
    model = reference.build(config, tensors, structural)
    if double:
        model = model.double()
    return reference.logits(model, PROMPT, POSITIONS).double()


def entry(case: cases.Case, tensors: dict, out: Path, args) -> dict:
    config = case.config
    golden = run(config, tensors)
    std = golden.std().item()
    noise = ((run(config, tensors, double=True) - golden).abs().max() / std).item()
    result = {
        "name": case.name,
        "folder": case.folder,
        "config": config_name(case),
        "gguf": None,
        "logits": f"{case.name}.logits.f32",
        "logitsStd": std,
        "referenceNoise": noise,
    }
    if case.note:
        result["note"] = case.note
    golden.numpy().astype("<f4").tofile(out / case.folder / result["logits"])
    (out / case.folder / result["config"]).write_text(json.dumps(config, indent=2) + "\n")
    if case.gguf is not None:
        result.update(gguf_entry(case, config, out / case.folder, args.llamacpp))
    if case.llamacpp_limit is not None:
        result["llamacppDifference"] = llamacpp_difference(case, tensors, golden, out, args)
    result["breakers"] = [breaker_entry(b, config, tensors, golden, std) for b in case.breakers]
    report(result, std, case.llamacpp_limit)
    return result


def gguf_entry(case: cases.Case, config: dict, folder_path: Path, checkout: Path) -> dict:
    """The case's GGUF file; where it would differ from the folder's first one in metadata alone,
    that one and the metadata to set."""
    target = folder_path / f"{case.name}.gguf"
    gguf_files.convert(checkout, folder_path, config, target, case.gguf)
    first = folder_path / f"{case.folder}.gguf"
    if case.name != case.folder and (changes := gguf_files.metadata_changes(first, target)) is not None:
        target.unlink()
        return {"gguf": first.name, "ggufSet": changes}
    return {"gguf": target.name}


def config_name(case: cases.Case) -> str:
    return "config.json" if case.name == case.folder else f"config-{case.name}.json"


def llamacpp_difference(case: cases.Case, tensors: dict, golden: torch.Tensor, out: Path, args) -> dict:
    """How far llama.cpp, on an f32 GGUF of the same weights, is from the reference: largest
    difference of a log-probability over the logits' standard deviation."""
    config = merged(case.config, case.llamacpp_config or {})
    expected = run(config, tensors, case.llamacpp_structural)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "f32.gguf"
        gguf_files.convert(args.llamacpp, out / case.folder, config, model, "f32")
        actual = llamacpp.log_probabilities(args.llamacpp, model, PROMPT, POSITIONS).double()
    difference = (actual - torch.log_softmax(expected, -1)).abs().max() / golden.std()
    found = {"maxOverStd": difference.item()}
    if case.llamacpp_config or case.llamacpp_structural:
        known = torch.log_softmax(expected, -1) - torch.log_softmax(golden, -1)
        found["knownDeviation"] = case.llamacpp_config or case.llamacpp_structural
        found["knownDeviationMaxOverStd"] = (known.abs().max() / golden.std()).item()
    return found


def breaker_entry(b: cases.Breaker, config: dict, tensors: dict, golden: torch.Tensor, std: float) -> dict:
    wrong = run(merged(config, b.config), filled(tensors, b.fill), b.structural)
    difference = (wrong - golden) / std
    found = {"what": b.what, "rmsOverStd": difference.pow(2).mean().sqrt().item()}
    found["maxOverStd"] = difference.abs().max().item()
    for key, value in [("config", b.config), ("fill", b.fill), ("gguf", b.gguf), ("ggufFill", b.gguf_fill)]:
        if value:
            found[key] = value
    if b.structural:
        found["structural"] = b.structural
    return found


def report(result: dict, std: float, limit: float | None):
    agreement = result.get("llamacppDifference", {}).get("maxOverStd", float("nan"))
    print(f"{result['name']:14} std {std:6.3f}  noise {result['referenceNoise']:.1e}  llama.cpp {agreement:.1e}")
    for b in result["breakers"]:
        print(f"    {b['what']:42} rms {b['rmsOverStd']:.4f} max {b['maxOverStd']:.4f}")
        if b["rmsOverStd"] < 0.01:
            raise ValueError(f"{result['name']}: {b['what']} does not break it")
    if std < 1 or result["referenceNoise"] > 1e-4 or (limit is not None and agreement > limit):
        raise ValueError(f"{result['name']}: not fit to be a golden model")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--llamacpp", type=Path, required=True, help="a checkout of llama.cpp, built in build/")
    parser.add_argument("--only", help="a folder")
    args = parser.parse_args()
    torch.set_num_threads(1)
    first = {}
    entries = []
    for case in ALL:
        if args.only and case.folder != args.only:
            continue
        if case.folder not in first:
            tensors, stored = folder.draw(cases.FOLDERS[case.folder], case.config)
            folder.write(args.out / case.folder, stored)
            first[case.folder] = tensors
        entries.append(entry(case, first[case.folder], args.out, args))
    if not args.only:
        index = {
            "reference": f"transformers {transformers.__version__}, torch {torch.__version__}",
            "prompt": PROMPT,
            "positions": POSITIONS,
            "cases": entries,
        }
        (args.out / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    main()
