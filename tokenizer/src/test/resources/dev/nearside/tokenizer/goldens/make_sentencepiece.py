"""Makes sentencepiece-*.json with Google's library (sentencepiece 0.2.x) and the Precompiled
golden with Hugging Face's (tokenizers 0.23.3).

    python make_sentencepiece.py

Each file is {"pieces": [[text, score, GGUF type], ...], "charsmap": base64, "flags": {...},
"cases": [{"text", "ids"}, ...]}: what a GGUF file would hold, and the ids that the library gives.
The normalisation rules are a handful, so that the table stays small.
"""

import base64
import json
import pathlib
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, decoders

import make

HERE = pathlib.Path(__file__).parent
RULES = "FB01\t66 69\nFF21\t41\nFF11\t31\n65 301\tE9\nA0\t20\n3000\t20\n2460\t31\n200B\t\n" \
        "30AB 3099\t30AC\n1F3F3 FE0F\t66 6C 61 67\n"
TEXTS = make.TEXTS + ["ﬁne ＡＢＣ e\u0301e\u0301 ①② a\u200bb", "カ\u3099カ", "\U0001F3F3\uFE0Fx", "  lead and trail  "]


def train(folder, **options):
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(line.replace("\n", " ") for line in make.CORPUS))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "m"), minloglevel=2,
        hard_vocab_limit=False, user_defined_symbols=["<sep>", "<x y>"], **options)
    model = proto.ModelProto()
    model.ParseFromString((folder / "m.model").read_bytes())
    return model, sentencepiece.SentencePieceProcessor(model_file=str(folder / "m.model"))


def write(name, model, processor):
    pieces = [[p.piece, p.score, p.type] for p in model.pieces]
    spec = model.normalizer_spec
    golden = {
        "pieces": pieces,
        "charsmap": base64.b64encode(spec.precompiled_charsmap).decode(),
        "flags": {
            "add_space_prefix": spec.add_dummy_prefix,
            "remove_extra_whitespaces": spec.remove_extra_whitespaces,
            "unk": model.trainer_spec.unk_id,
        },
        "cases": [{"text": t, "ids": processor.encode(t)} for t in TEXTS],
    }
    text = json.dumps(golden, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n")
    print(name, len(text))


def write_precompiled(model):
    t = Tokenizer(models.Unigram([(p.piece, p.score) for p in model.pieces], 0))
    t.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    cases = []
    for text in TEXTS:
        ids = t.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "parsed": ids, "framed": ids, "plain": ids,
                      "decoded": t.decode(ids, skip_special_tokens=False)})
    golden = json.dumps({"tokenizer": json.loads(t.to_str()), "cases": cases},
                        separators=(",", ":"))
    (HERE / "unigram-precompiled.json").write_text(golden + "\n")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rules = folder / "rules.tsv"
        rules.write_text(RULES)
        model, processor = train(
            folder, model_type="unigram", vocab_size=260, normalization_rule_tsv=str(rules))
        write("sentencepiece-unigram", model, processor)
        write_precompiled(model)
        model, processor = train(
            folder, model_type="bpe", vocab_size=600, byte_fallback=True,
            normalization_rule_name="identity", remove_extra_whitespaces=False)
        write("sentencepiece-bpe", model, processor)


if __name__ == "__main__":
    main()
