"""GGUF files of the tiny models, by llama.cpp's own converter (conversion/ of its repository)."""

import json
import shutil
import sys
import tempfile
from pathlib import Path


def convert(llamacpp: Path, source: Path, config: dict, out: Path, kind: str):
    """Converts `source` (with `config` in place of its config.json) to the GGUF file `out`."""
    sys.path[:0] = [str(llamacpp), str(llamacpp / "gguf-py")]
    import gguf
    import torch
    from conversion import get_model_class
    from conversion.base import ModelType, get_model_architecture

    types = {"f32": "ALL_F32", "f16": "MOSTLY_F16", "bf16": "MOSTLY_BF16"}
    with tempfile.TemporaryDirectory() as scratch, torch.inference_mode():
        folder = Path(scratch) / "tiny"
        shutil.copytree(source, folder)
        for extra in folder.glob("*.gguf"):
            extra.unlink()
        (folder / "config.json").write_text(json.dumps(config))
        architecture = get_model_architecture(config, ModelType.TEXT)
        found = get_model_class(architecture, mmproj=False)
        toy = type("Toy" + found.__name__, (found,), {"model_arch": found.model_arch, "set_vocab": set_vocab})
        target = folder / "out.gguf"
        # llama.cpp treats vocabularies of models with some names (phi3) specially: so no name.
        toy(folder, getattr(gguf.LlamaFileType, types[kind]), target, model_name="tiny").write()
        shutil.copyfile(target, out)


def metadata_changes(first: Path, second: Path) -> dict | None:
    """What to set in the metadata of `first` to get `second`; None where the tensors differ."""
    import gguf

    one, two = gguf.GGUFReader(first), gguf.GGUFReader(second)
    tensors = [{t.name: (t.tensor_type, t.data.tobytes()) for t in reader.tensors} for reader in (one, two)]
    if tensors[0] != tensors[1]:
        return None
    values = [{k: f.contents() for k, f in r.fields.items() if not k.startswith("GGUF.")} for r in (one, two)]
    if removed := values[0].keys() - values[1].keys():
        raise ValueError(f"cannot express the removal of {removed}")
    return {key: value for key, value in values[1].items() if values[0].get(key) != value}


def set_vocab(self):
    """The toy vocabulary of every tiny model. The converter's own ways tell pre-tokenisers by a
    hash of their output, which a toy cannot have, and want a SentencePiece file for some."""
    tokenizer = json.loads((self.dir_model / "tokenizer.json").read_text())
    added = {t["id"]: t["content"] for t in tokenizer["added_tokens"]}
    tokens = {**added, **{i: t for t, i in tokenizer["model"]["vocab"].items()}}
    writer = self.gguf_writer
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([tokens[i] for i in range(len(tokens))])
    writer.add_token_types([3 if i in added else 1 for i in range(len(tokens))])  # control, normal
    writer.add_token_merges(tokenizer["model"]["merges"])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
