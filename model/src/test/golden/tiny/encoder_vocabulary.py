"""Toy vocabularies of the tiny encoders: WordPiece as BERT has it, Unigram as XLM-RoBERTa has it."""

import base64
import json
import struct
from pathlib import Path

WORDS = "the cat dog sat on mat is a of and to in good bad day sun moon play ##ing ##ed ##er ##s".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CJK = "我你他是的不好人大小中国天气今明喜欢猫狗"


def special(ids: dict[str, int]) -> list[dict]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return [{"id": i, "content": text, **flags} for text, i in ids.items()]


def frame(cls: tuple[str, int], sep: tuple[str, int], is_doubled: bool) -> dict:
    def token(text, kind):
        return {"SpecialToken": {"id": text, "type_id": kind}}

    def text(name, kind):
        return {"Sequence": {"id": name, "type_id": kind}}

    middle = [token(sep[0], 0)] * (2 if is_doubled else 1)
    return {
        "type": "TemplateProcessing",
        "single": [token(cls[0], 0), text("A", 0), token(sep[0], 0)],
        "pair": [token(cls[0], 0), text("A", 0), *middle, text("B", 1), token(sep[0], 1)],
        "special_tokens": {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in (cls, sep)},
    }


def word_piece() -> dict:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *LETTERS, *("##" + c for c in LETTERS), *CJK, *".,!?'-0123456789"]
    tokens = list(dict.fromkeys(tokens))[:128]
    tokens += [f"[unused{i}]" for i in range(128 - len(tokens))]
    ids = {t: i for i, t in enumerate(tokens)}
    return {
        "version": "1.0",
        "added_tokens": special({t: ids[t] for t in tokens[:5]}),
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": frame(("[CLS]", 2), ("[SEP]", 3), False),
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ids},
    }


def charsmap() -> str:
    """SentencePiece's table with a trie of 256 empty nodes: no text is changed."""
    trie = bytes(4 * 256)
    return base64.b64encode(struct.pack("<I", len(trie)) + trie + b"\0").decode()


def unigram() -> dict:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *("▁" + w for w in WORDS if "#" not in w), "▁", *LETTERS, *CJK, *".,!?'-0123456789"]
    pieces = list(dict.fromkeys(pieces))[:127]
    pieces += [f"unused{i}" for i in range(127 - len(pieces))] + ["<mask>"]
    scores = [0.0 if i < 4 else -2.0 - 0.05 * i for i in range(len(pieces))]
    named = {p: pieces.index(p) for p in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")}
    return {
        "version": "1.0",
        "added_tokens": special(named),
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap()},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": frame(("<s>", 0), ("</s>", 2), True),
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [list(p) for p in zip(pieces, scores)], "byte_fallback": False},
    }


def write(folder: Path, name: str):
    """tokenizer.json, tokenizer_config.json and sentence-transformers' files."""
    is_roberta = name.startswith("xlmr")
    tokenizer = unigram() if is_roberta else word_piece()
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    names = (
        {"cls_token": "<s>", "bos_token": "<s>", "sep_token": "</s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}
        if is_roberta
        else {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"}
    )
    kind = "XLMRobertaTokenizer" if is_roberta else "BertTokenizer"
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": kind, **names}) + "\n")
    if name.endswith("rank"):
        return
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules) + "\n")
    (folder / "1_Pooling").mkdir(exist_ok=True)
    is_cls = name == "distilbert"
    pooling = {"word_embedding_dimension": 32, "pooling_mode_cls_token": is_cls, "pooling_mode_mean_tokens": not is_cls}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling) + "\n")
