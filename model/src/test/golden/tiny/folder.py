"""Writes a model folder as the Hub has them: model.safetensors, config.json, tokenizer.json."""

import json
from pathlib import Path

import mxfp4
import reference
import torch
import weights
from cases import Folder
from safetensors.torch import save_file

DTYPES = {"F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32}


def draw(folder: Folder, config: dict) -> tuple[dict, dict]:
    """The weights as transformers holds them (f32), and as the file holds them."""
    shapes = {name: tensor.shape for name, tensor in reference.empty_model(config).state_dict().items()}
    if config["tie_word_embeddings"]:
        shapes.pop("lm_head.weight", None)
    tensors = weights.draw(shapes, folder.seed, folder.plus_one_norms, folder.sizes)
    stored = {}
    for name, tensor in list(tensors.items()):
        for stored_name, value, in_memory in split(name, tensor, config):
            stored[stored_name] = value if value.dtype == torch.uint8 else value.to(DTYPES[folder.dtype])
            if in_memory is not None:
                tensors[name] = in_memory
    return tensors, stored


def split(name: str, tensor: torch.Tensor, config: dict):
    """Files on the Hub hold experts in another layout than the class. Yields (name in the file,
    value in the file, value in memory if it is rounded)."""
    model_type = config["model_type"]
    if model_type == "qwen3_moe" and name.endswith("experts.gate_up_proj"):
        prefix = name.removesuffix("gate_up_proj")
        for e, both in enumerate(tensor):
            gate, up = both.chunk(2)
            yield f"{prefix}{e}.gate_proj.weight", gate.contiguous(), None
            yield f"{prefix}{e}.up_proj.weight", up.contiguous(), None
    elif model_type == "qwen3_moe" and name.endswith("experts.down_proj"):
        prefix = name.removesuffix("down_proj")
        for e, down in enumerate(tensor):
            yield f"{prefix}{e}.down_proj.weight", down.contiguous(), None
    elif model_type == "gpt_oss" and name.endswith(("experts.gate_up_proj", "experts.down_proj")):
        # The class holds [expert, in, out], the file rows of `out` in blocks of 32 along `in`.
        packed, scales = mxfp4.encode(tensor.transpose(1, 2).contiguous())
        decoded = mxfp4.decode(packed, scales).transpose(1, 2).contiguous()
        if "quantization_config" in config:
            yield f"{name}_blocks", packed, decoded
            yield f"{name}_scales", scales, None
        else:
            yield name, decoded, decoded
    else:
        yield name, tensor, None


def write(path: Path, stored: dict):
    path.mkdir(parents=True, exist_ok=True)
    save_file(stored, path / "model.safetensors", metadata={"format": "pt"})
    (path / "model.safetensors").chmod(0o644)
    (path / "tokenizer.json").write_text(json.dumps(tokenizer(), ensure_ascii=False, separators=(",", ":")) + "\n")
    (path / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "GPT2Tokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"})
        + "\n"
    )


def tokenizer() -> dict:
    """A byte-level BPE of 128 tokens: 3 control tokens, printable ASCII, space, newline, merges."""
    special = ["<unk>", "<s>", "</s>"]
    # In byte-level BPE a printable ASCII character stands for itself, space is U+0120, \n U+010A.
    letters = [chr(c) for c in range(0x21, 0x7F)] + ["\u0120", "\u010a"]
    merges = "Ġ t|Ġ a|h e|i n|r e|o n|Ġt he|e r|a t|e n|n d|o r|e s|i s|o u|i t|Ġ s|Ġ w|a n|Ġ o|Ġ c|i ng|Ġ b|Ġ f|Ġ m|Ġ p"
    merges = [tuple(m.split(" ")) for m in merges.split("|")]
    have = set(letters)
    vocabulary = letters[:]
    kept = []
    for left, right in merges:
        if left in have and right in have and left + right not in have and len(vocabulary) < 125:
            kept.append(f"{left} {right}")
            vocabulary.append(left + right)
            have.add(left + right)
    while len(vocabulary) < 125:
        vocabulary.append(f"unused{len(vocabulary)}")
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": i, "content": s, "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
            for i, s in enumerate(special)
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "vocab": {t: i + 3 for i, t in enumerate(vocabulary)}, "merges": kept},
    }
