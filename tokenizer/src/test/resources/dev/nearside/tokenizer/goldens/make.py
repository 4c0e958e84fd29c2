"""Makes the goldens beside this script with Hugging Face's library (tokenizers 0.23.3).

    python make.py

Every case is one file NAME.json: {"tokenizer": a whole tokenizer.json, "cases": [...]}, where a
case has the text and the ids that the library gives it
  parsed: special tokens in the text parsed, none added
  framed: the same, with the post-processor's tokens added
  plain:  special tokens in the text not parsed, none added
and the text that it decodes `parsed` to, special tokens shown.
The vocabularies are trained here on a few sentences, so that the files stay small.
"""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
CORPUS = [
    "The quick brown fox jumps over the lazy dog. It's 1234567 o'clock, isn't it? They've gone!",
    "Hello world, HELLO World! camelCase snake_case HTTPServer x = f(y) + 3.14; // comment\n\n\n",
    "敏捷的棕色狐狸跳过了懒狗。今天天气很好，我们去公园玩吧。机器学习模型在设备上运行。",
    "日本語のテキストもあります。한국어 문장도 있습니다. Καλημέρα κόσμε. Привет, мир! 😀😃🎉",
    "naïve café résumé Ångström e\u0301 \u00a0 \u3000 tabs\tand  double   spaces    here",
    "def main():\n    print('hi')\n\n    return 0\n" * 2,
] * 3
TEXTS = [
    "",
    " ",
    "Hello",
    " Hello world",
    "Hello  world   and    more",
    "\n",
    "\n\n \n\t\t\r\n  end  ",
    "It's they'LL we'Ve I'M don't 'ſ 's",
    "1234567 12 1 3.14 ½ ² ０１２ ١٢٣",
    "camelCase HTTPServer XMLHttpRequest snake_case ALLCAPS ǅabc",
    "x=f(y)+3; // comment /* more */ !!! ... --- $%^&*",
    "敏捷的棕色狐狸。跳过了，懒狗！「引号」",
    "日本語テキスト 한국어 문장 Καλημέρα Привет",
    "😀😃 👩‍👩‍👧 🇨🇳 \U00020000",
    "naïve cafe\u0301 ﬁ ① Å Ω",
    "tab\tnbsp\u00a0ideographic\u3000zwsp\u200bbom\ufeffnel\u0085",
    "control\u0000\u0001\u001c\u007f\u009f\ufffd end",
    "<s>Hello</s> <pad> <s> </s>",
    "a<mask>b <mask> c[MASK]d [CLS] [SEP]",
    "  <mask>  word wordy word. WORD",
    "▁meta▁space ▁▁ Ġbyte ĊĊ <0x0A> ##ing </w>",
    "unknown: ☃ ⌘ ꙮ",
    "def main():\n    return 0\n\n\n",
    "a" * 60,
    " " * 40 + "x" + " " * 3,
    "İstanbul ΌΣΟΣ ẞ ß",
]
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
GPT4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DEEPSEEK = (
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?"
    "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
)
ALPHABET = pre_tokenizers.ByteLevel.alphabet()
BYTES = [f"<0x{b:02X}>" for b in range(256)]


def byte_bpe(pre, normalizer=None, post=None, ignore_merges=False):
    t = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    t.pre_tokenizer = pre
    if normalizer:
        t.normalizer = normalizer
    t.decoder = decoders.ByteLevel()
    train = trainers.BpeTrainer(
        vocab_size=500, initial_alphabet=ALPHABET, special_tokens=["<s>", "</s>", "<pad>"],
        show_progress=False)
    t.train_from_iterator(CORPUS, train)
    if post:
        t.post_processor = post
    return t


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


def bytes_last(*steps):
    return pre_tokenizers.Sequence(
        [*steps, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def char_bpe(pre, normalizer, decoder, **model):
    t = Tokenizer(models.BPE(unk_token="<unk>", **model))
    if pre:
        t.pre_tokenizer = pre
    if normalizer:
        t.normalizer = normalizer
    if decoder:
        t.decoder = decoder
    special = ["<unk>", "<s>", "</s>"] + (BYTES if model.get("byte_fallback") else [])
    extra = {}
    if model.get("end_of_word_suffix"):
        extra["end_of_word_suffix"] = model["end_of_word_suffix"]
    if model.get("continuing_subword_prefix"):
        extra["continuing_subword_prefix"] = model["continuing_subword_prefix"]
    train = trainers.BpeTrainer(
        vocab_size=520, limit_alphabet=90, special_tokens=special, show_progress=False, **extra)
    t.train_from_iterator(CORPUS, train)
    # Only the first three are special; the byte tokens are ordinary.
    as_json = json.loads(t.to_str())
    as_json["added_tokens"] = [a for a in as_json["added_tokens"] if a["id"] < 3]
    return Tokenizer.from_str(json.dumps(as_json))


def llama2():
    t = char_bpe(
        pre_tokenizers.Metaspace(prepend_scheme="never", split=False),
        None,
        decoders.Sequence([
            decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
            decoders.Strip(" ", 1, 0)]),
        byte_fallback=True, fuse_unk=True)
    t.pre_tokenizer = None
    t.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return t


def unigram(metaspace, byte_fallback=False, normalizer=None):
    t = Tokenizer(models.Unigram())
    t.pre_tokenizer = metaspace
    if normalizer:
        t.normalizer = normalizer
    t.decoder = decoders.Metaspace(prepend_scheme=metaspace.prepend_scheme)
    special = ["<unk>", "<s>", "</s>"] + (BYTES if byte_fallback else [])
    train = trainers.UnigramTrainer(
        vocab_size=330 + (256 if byte_fallback else 0), special_tokens=special,
        unk_token="<unk>", show_progress=False)
    t.train_from_iterator([c for c in CORPUS if "日" not in c], train)
    as_json = json.loads(t.to_str())
    as_json["added_tokens"] = [a for a in as_json["added_tokens"] if a["id"] < 3]
    as_json["model"]["byte_fallback"] = byte_fallback
    t = Tokenizer.from_str(json.dumps(as_json))
    t.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair=None, special_tokens=[("</s>", 2)])
    return t


def wordpiece(lowercase, cleanup):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=50))
    t.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece(cleanup=cleanup)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    train = trainers.WordPieceTrainer(
        vocab_size=400, limit_alphabet=120, special_tokens=special, show_progress=False)
    t.train_from_iterator(CORPUS, train)
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return t


def word_level():
    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([
        normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(),
        normalizers.Strip(), normalizers.Replace(Regex(r"\s{2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous")])
    train = trainers.WordLevelTrainer(
        vocab_size=200, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False)
    t.train_from_iterator(CORPUS, train)
    return t


def added_tokens():
    t = byte_bpe(pre_tokenizers.ByteLevel(add_prefix_space=True), normalizers.Lowercase())
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True, normalized=False)])
    t.add_tokens([
        AddedToken("[MASK]", rstrip=True, normalized=False),
        AddedToken("word", single_word=True, normalized=True),
        AddedToken("camel", normalized=True),
    ])
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.RobertaProcessing(("</s>", 1), ("<s>", 0))])
    return t


def behaviours(behavior, invert):
    pre = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[aeiou]+"), behavior, invert),
        pre_tokenizers.CharDelimiterSplit("x")])
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False))
    t.pre_tokenizer = pre
    train = trainers.BpeTrainer(
        vocab_size=200, limit_alphabet=60, special_tokens=["<unk>"], show_progress=False)
    t.train_from_iterator(CORPUS, train)
    return t


BUILDERS = {
    "byte-gpt2": lambda: byte_bpe(pre_tokenizers.ByteLevel(add_prefix_space=False)),
    "byte-llama3": lambda: byte_bpe(
        bytes_last(split(LLAMA3)), ignore_merges=True,
        post=processors.TemplateProcessing(
            single="<s> $A </s>", pair=None, special_tokens=[("<s>", 0), ("</s>", 1)])),
    "byte-qwen": lambda: byte_bpe(
        bytes_last(split(LLAMA3.replace("{1,3}", ""))), normalizers.NFC()),
    "byte-gpt4o": lambda: byte_bpe(bytes_last(split(GPT4O)), ignore_merges=True),
    "byte-deepseek": lambda: byte_bpe(
        bytes_last(split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK)),
        normalizers.Sequence([])),
    "byte-starcoder": lambda: byte_bpe(pre_tokenizers.Sequence([
        pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(add_prefix_space=False)])),
    "byte-falcon": lambda: byte_bpe(pre_tokenizers.Sequence([
        pre_tokenizers.Punctuation("contiguous"),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(False),
        pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")])),
    "byte-added": added_tokens,
    "char-llama2": llama2,
    "char-metaspace": lambda: char_bpe(
        pre_tokenizers.Metaspace(prepend_scheme="first"), None,
        decoders.Metaspace(prepend_scheme="first"), fuse_unk=True),
    "char-suffix": lambda: char_bpe(
        pre_tokenizers.Whitespace(),
        normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]),
        decoders.BPEDecoder("</w>"), end_of_word_suffix="</w>"),
    "char-prefix": lambda: char_bpe(
        pre_tokenizers.Whitespace(), normalizers.NFKC(), decoders.WordPiece(cleanup=False),
        continuing_subword_prefix="##"),
    "unigram": lambda: unigram(pre_tokenizers.Metaspace(), normalizer=normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC()])),
    "unigram-bytes": lambda: unigram(
        pre_tokenizers.Metaspace(prepend_scheme="never"), byte_fallback=True),
    "wordpiece-uncased": lambda: wordpiece(True, True),
    "wordpiece-cased": lambda: wordpiece(False, False),
    "wordlevel": word_level,
    "split-removed": lambda: behaviours("removed", False),
    "split-removed-invert": lambda: behaviours("removed", True),
    "split-previous": lambda: behaviours("merged_with_previous", False),
    "split-next": lambda: behaviours("merged_with_next", False),
    "split-contiguous": lambda: behaviours("contiguous", False),
    "split-next-invert": lambda: behaviours("merged_with_next", True),
}


def main():
    for name, build in BUILDERS.items():
        t = build()
        cases = []
        for text in TEXTS:
            t.encode_special_tokens = False
            parsed = t.encode(text, add_special_tokens=False).ids
            framed = t.encode(text, add_special_tokens=True).ids
            t.encode_special_tokens = True
            plain = t.encode(text, add_special_tokens=False).ids
            cases.append({
                "text": text, "parsed": parsed, "framed": framed, "plain": plain,
                "decoded": t.decode(parsed, skip_special_tokens=False)})
        t.encode_special_tokens = False
        golden = {"tokenizer": json.loads(t.to_str()), "cases": cases}
        text = json.dumps(golden, ensure_ascii=True, separators=(",", ":"))
        (HERE / f"{name}.json").write_text(text + "\n")
        print(name, len(text))


if __name__ == "__main__":
    main()
