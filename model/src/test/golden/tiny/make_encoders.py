"""Makes the tiny golden encoders. See README.md for the command."""

import argparse
import fnmatch
import json
import shutil
import sys
import tempfile
import urllib.request
from pathlib import Path

import encoder_vocabulary as vocabulary
import llamacpp
import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from weights import representable

HIDDEN, FFN, VOCABULARY = 32, 48, 128
RNG = np.random.default_rng(11)
# (ids, where the second text begins); one of them crosses the tile of 64 keys.
INPUTS = [
    ([2, *RNG.integers(5, VOCABULARY, 78).tolist(), 3], 80),
    ([2, *RNG.integers(5, VOCABULARY, 3).tolist(), 3], 5),
    ([2, *RNG.integers(5, VOCABULARY, 20).tolist(), 3], 9),
]
# Tokens of the first input whose states are kept; of the others, all are.
POSITIONS = [0, 1, 31, 63, 64, 79]

BASE = {
    "vocab_size": VOCABULARY,
    "hidden_size": HIDDEN,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": FFN,
    "max_position_embeddings": 96,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
    "pad_token_id": 0,
}
ROBERTA = BASE | {"max_position_embeddings": 98, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1}
ONE_LABEL = {"id2label": {"0": "score"}, "label2id": {"score": 0}}
EPS = ("norm epsilon", {"layer_norm_eps": 0.3}, {})
TANH = ("activation", {"hidden_act": "relu"}, {})

# name, class, configuration, breakers: (what, change of the configuration, GGUF tensors to fill)
CASES = [
    ("bert", "BertModel", BASE | {"model_type": "bert"}, [
        EPS,
        TANH,
        ("no segments", {}, {"token_types.weight": 0.0}),
        ("no positions", {}, {"position_embd.weight": 0.0}),
        ("no norm bias", {}, {"blk.*.attn_output_norm.bias": 0.0}),
    ]),
    ("bert-rank", "BertForSequenceClassification", BASE | ONE_LABEL | {"model_type": "bert"}, [
        ("no dense layer of the head", {}, {"cls.weight": 0.0}),
    ]),
    ("xlmr-rank", "XLMRobertaForSequenceClassification", ROBERTA | ONE_LABEL | {"model_type": "xlm-roberta"}, [
        EPS,
        ("position offset", {"pad_token_id": 0}, {}),
    ]),
    ("distilbert", "DistilBertModel", {
        "model_type": "distilbert", "vocab_size": VOCABULARY, "dim": HIDDEN, "n_layers": 2, "n_heads": 2,
        "hidden_dim": FFN, "max_position_embeddings": 96, "activation": "gelu", "pad_token_id": 0,
    }, []),
    ("nomic", "NomicBertModel", BASE | {
        "model_type": "nomic_bert", "hidden_act": "silu",
        "rope_parameters": {"rope_type": "default", "rope_theta": 1000.0},
    }, [
        ("rope base", {"rotary_emb_base": 10.0}, {}),
        ("no segments", {}, {"token_types.weight": 0.0}),
    ]),
    ("modernbert-rank", "ModernBertForSequenceClassification", {
        "model_type": "modernbert", "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "num_hidden_layers": 4,
        "num_attention_heads": 2, "intermediate_size": FFN, "max_position_embeddings": 96, "local_attention": 16,
        "global_attn_every_n_layers": 3, "global_rope_theta": 160000.0, "local_rope_theta": 1000.0,
        "hidden_activation": "gelu", "classifier_activation": "gelu", "classifier_pooling": "mean",
        "norm_eps": 1e-5, "layer_norm_eps": 1e-5, "pad_token_id": 0, "cls_token_id": 2, "sep_token_id": 3, "bos_token_id": 2,
        "eos_token_id": 3,
    } | ONE_LABEL, [
        ("window", {"local_attention": 18}, {}),
        ("period", {"global_attn_every_n_layers": 2}, {}),
        ("local rope", {"local_rope_theta": 160000.0}, {}),
        ("classifier pooling", {"classifier_pooling": "cls"}, {}),
    ]),
]


def draw(model: torch.nn.Module, seed: int) -> dict:
    """Weights that matter and are exact in f16."""
    rng = np.random.default_rng(seed)
    out = {}
    for name, tensor in sorted(model.state_dict().items()):
        if not tensor.is_floating_point():
            continue
        noise = rng.standard_normal(tuple(tensor.shape))
        if tensor.dim() == 2 and "embed" in name:
            values = 0.7 * noise
        elif tensor.dim() == 2:
            values = 1.6 * noise / np.sqrt(tensor.shape[1])
        elif name.endswith("weight"):
            values = 1 + 0.25 * np.clip(noise, -2.5, 2.5)
        else:
            values = 0.3 * noise
        out[name] = representable(values)
    return out


def build(name: str, kind: str, config: dict, tensors: dict | None) -> torch.nn.Module:
    config = {k: v for k, v in config.items() if k != "rotary_emb_base"}
    cls = getattr(transformers, kind)
    model = cls._from_config(cls.config_class(**config), attn_implementation="eager", dtype=torch.float32).eval()
    if tensors is not None:
        missing, unexpected = model.load_state_dict(tensors, strict=False)
        missing = [m for m in missing if "position_ids" not in m]
        if missing or unexpected:
            raise ValueError(f"{name}: missing {missing}, unexpected {unexpected}")
    return model


def run(model: torch.nn.Module, config: dict) -> dict:
    """States, means and scores of all inputs."""
    result = {"states": [], "means": [], "scores": []}
    with torch.no_grad():
        for ids, second in INPUTS:
            given = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
            if config.get("type_vocab_size", 1) > 1:
                given["token_type_ids"] = torch.tensor([[int(i >= second) for i in range(len(ids))]])
            base = getattr(model, model.base_model_prefix) if "Sequence" in type(model).__name__ else model
            if type(model).__name__.startswith("ModernBertFor"):
                base = model.model
            states = base(**given)[0][0]
            kept = POSITIONS if len(ids) == len(INPUTS[0][0]) else range(len(ids))
            result["states"].append(states[list(kept)].flatten().tolist())
            result["means"].append(states.mean(0).tolist())
            if "Sequence" in type(model).__name__:
                result["scores"].append(model(**given).logits[0].tolist())
    return result


def flat(result: dict) -> np.ndarray:
    return np.concatenate([np.array(x) for key in ("states", "means", "scores") for x in result[key]])


def published(kind: str, tensors: dict, config: dict) -> tuple[dict, dict]:
    """Tensors and configuration as the Hub has them."""
    if kind != "NomicBertModel":
        return tensors, config
    stored = {}
    renames = [("self_attn.o_proj", "attn.out_proj"), ("mlp.up_proj", "mlp.fc11"), ("mlp.gate_proj", "mlp.fc12"),
               ("mlp.down_proj", "mlp.fc2"), ("post_attention_layernorm", "norm1"), ("post_mlp_layernorm", "norm2"),
               ("embeddings.LayerNorm", "emb_ln")]
    for name, tensor in tensors.items():
        for old, new in renames:
            name = name.replace(old, new)
        stored["encoder." + name if name.startswith("layers") else name] = tensor
    for i in range(config["num_hidden_layers"]):
        at = f"encoder.layers.{i}."
        stored[at + "attn.Wqkv.weight"] = torch.cat([stored.pop(at + f"self_attn.{p}_proj.weight") for p in "qkv"])
    old = {
        "model_type": "nomic_bert", "architectures": ["NomicBertModel"], "vocab_size": VOCABULARY, "n_embd": HIDDEN,
        "n_layer": 2, "n_head": 2, "n_inner": FFN, "n_positions": 8192, "max_trained_positions": 2048,
        "type_vocab_size": 2, "layer_norm_epsilon": 1e-12, "activation_function": "swiglu", "causal": False,
        "prenorm": False, "qkv_proj_bias": False, "mlp_fc1_bias": False, "mlp_fc2_bias": False,
        "rotary_emb_base": 1000, "rotary_emb_fraction": 1.0, "rotary_emb_interleaved": False,
        "rotary_emb_scale_base": None, "pad_token_id": 0,
    }
    return stored, old


def broken(case, tensors: dict, golden: dict, change: dict, fill: dict) -> float:
    """How far a wrong setting moves the reference, over its standard deviation."""
    name, kind, config, _ = case
    tensors = dict(tensors)
    names = {
        "token_types.weight": "*token_type_embeddings.weight",
        "position_embd.weight": "*position_embeddings.weight",
        "blk.*.attn_output_norm.bias": "*attention.output.LayerNorm.bias",
        "cls.weight": "*pooler.dense.weight",
    }
    for gguf, value in fill.items():
        for found in fnmatch.filter(tensors, names[gguf]):
            tensors[found] = torch.full_like(tensors[found], value)
    config = config | change
    if "rotary_emb_base" in change:
        config["rope_parameters"] = {"rope_type": "default", "rope_theta": change["rotary_emb_base"]}
    wrong = flat(run(build(name, kind, config, tensors), config))
    right = flat(golden)
    return float(np.sqrt(np.mean((wrong - right) ** 2)) / right.std())


def to_gguf(checkout: Path, source: Path, config: dict, target: Path, kind: str):
    sys.path[:0] = [str(checkout), str(checkout / "gguf-py")]
    import gguf
    from conversion import get_model_class

    found = get_model_class(config["architectures"][0], mmproj=False)
    toy = type("Toy" + found.__name__, (found,), {
        "model_arch": found.model_arch,
        # The converter tells pre-tokenisers by a hash that a toy cannot have.
        "get_vocab_base_pre": lambda self, tokenizer: "bert-bge",
        "_set_vocab_gpt2": lambda self: found.__mro__[1].set_vocab(self),
    })
    with tempfile.TemporaryDirectory() as scratch, torch.inference_mode():
        folder = Path(scratch) / "tiny"
        shutil.copytree(source, folder)
        parameters = {"model_name": "tiny"}
        if config["model_type"] in ("nomic_bert", "distilbert"):
            # Not by transformers' configuration classes, which put defaults for names they don't know.
            parameters["hparams"] = dict(config)
        toy(folder, getattr(gguf.LlamaFileType, kind), folder / "out.gguf", **parameters).write()
        shutil.copyfile(folder / "out.gguf", target)


def llamacpp_difference(checkout: Path, model: Path, result: dict) -> float:
    """Largest difference of a mean to llama.cpp's, over the standard deviation; inputs without a second text."""
    command = ["--embedding", "--pooling", "mean", "-ub", "512"]
    process = llamacpp.start(checkout, model, command)
    try:
        worst = 0.0
        for (ids, second), mean in zip(INPUTS, result["means"]):
            if second < len(ids):
                continue
            body = json.dumps({"content": ids, "embd_normalize": -1}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{llamacpp.PORT}/embedding", body, {"Content-Type": "application/json"})
            got = np.array(json.loads(urllib.request.urlopen(request, timeout=60).read())[0]["embedding"][0])
            worst = max(worst, float(np.abs(got - np.array(mean)).max() / np.std(mean)))
        return worst
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--llamacpp", type=Path, required=True, help="a checkout of llama.cpp, built in build/")
    args = parser.parse_args()
    torch.set_num_threads(1)
    entries = []
    for seed, case in enumerate(CASES):
        name, kind, config, breakers = case
        config = config | {"architectures": [kind]}
        tensors = draw(build(name, kind, config, None), 100 + seed)
        golden = run(build(name, kind, config, tensors), config)
        folder = args.out / name
        folder.mkdir(parents=True, exist_ok=True)
        stored, stored_config = published(kind, tensors, config)
        save_file({n: t.half().contiguous() for n, t in stored.items()}, folder / "model.safetensors", {"format": "pt"})
        (folder / "model.safetensors").chmod(0o644)
        (folder / "config.json").write_text(json.dumps(stored_config, indent=1) + "\n")
        vocabulary.write(folder, name)
        entry = {"name": name, "gguf": None, **golden}
        to_gguf(args.llamacpp, folder, stored_config, folder / f"{name}.gguf", "MOSTLY_F16")
        entry["gguf"] = f"{name}.gguf"
        # The converter takes BERT's pooler, which its classifiers read, for one of no use.
        entry["ggufHasHead"] = kind != "BertForSequenceClassification"
        with tempfile.TemporaryDirectory() as scratch:
            to_gguf(args.llamacpp, folder, stored_config, Path(scratch) / "f32.gguf", "ALL_F32")
            entry["llamacppDifference"] = llamacpp_difference(args.llamacpp, Path(scratch) / "f32.gguf", golden)
        print(name, "llama.cpp", entry.get("llamacppDifference"), entry.get("note", ""))
        entry["breakers"] = []
        for what, change, fill in breakers:
            moved = broken(case, tensors, golden, change, fill)
            print(f"    {what:30} {moved:.4f}")
            if moved < 0.01:
                raise ValueError(f"{name}: {what} does not break it")
            entry["breakers"].append({"what": what, "rmsOverStd": moved, "config": change, "ggufFill": fill})
        entries.append(entry)
    index = {
        "reference": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "inputs": [{"ids": ids, "secondFrom": second} for ids, second in INPUTS],
        "positions": POSITIONS,
        "cases": entries,
    }
    (args.out / "index.json").write_text(json.dumps(index) + "\n")


if __name__ == "__main__":
    main()
