#!/usr/bin/env python3
"""Makes the golden files of this folder with the reference writers.

    python make_golden.py LLAMA_QUANTIZE

Needs numpy, gguf (gguf-py of llama.cpp, 0.19) and safetensors (0.8); LLAMA_QUANTIZE is the
llama-quantize binary of llama.cpp. GoldenTest writes the same files and compares the bytes;
QuantizerTest compares the hashes.
"""
import hashlib
import os
import subprocess
import sys
import tempfile

import gguf
import numpy as np
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
T = gguf.GGUFValueType


def every_type(path):
    w = gguf.GGUFWriter(path, "golden")
    w.add_custom_alignment(64)
    for name, value in [
        ("uint8", 255), ("int8", -128), ("uint16", 65535), ("int16", -32768),
        ("uint32", 4294967295), ("int32", -2147483648),
        ("uint64", 18446744073709551615), ("int64", -9223372036854775808),
        ("float32", 1e-6), ("float64", 3.141592653589793), ("bool", True), ("string", "héllo ▁ 世界"),
    ]:
        w.add_key_value("x." + name, value, getattr(T, name.upper()))
    w.add_key_value("a.strings", ["<unk>", "", "▁a", "😀"], T.ARRAY, T.STRING)
    w.add_key_value("a.ints", [3, -1, 2], T.ARRAY, T.INT32)
    w.add_key_value("a.floats", [0.5, -2.25], T.ARRAY, T.FLOAT32)
    w.add_tensor("f32", np.arange(6, dtype=np.float32).reshape(2, 3) / 2)
    w.add_tensor("f16", np.arange(4, dtype=np.float16).reshape(1, 4))
    w.add_tensor("i32", np.array([-1, 7], dtype=np.int32))
    w.add_tensor("q8_0", (np.arange(2 * 34) * 3 % 256).astype(np.uint8).reshape(2, 34),
                 raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def tiny_llama(path):
    """One layer; ffn_down has rows of 256, so that the ternary types fit there and nowhere else."""
    rng = np.random.default_rng(7)
    dim, ffn, kv, vocab = 32, 256, 16, 6
    w = gguf.GGUFWriter(path, "llama")
    w.add_context_length(64)
    w.add_embedding_length(dim)
    w.add_block_count(1)
    w.add_feed_forward_length(ffn)
    w.add_head_count(2)
    w.add_head_count_kv(1)
    w.add_layer_norm_rms_eps(1e-5)
    w.add_tokenizer_model("llama")
    w.add_token_list(["<unk>", "<s>", "</s>", "a", "b", "▁"])
    w.add_token_scores([0.0, -1.0, -2.0, -3.0, -4.0, -5.0])
    w.add_token_types([2, 3, 3, 1, 1, 1])
    w.add_file_type(1)

    def weight(name, *shape):
        w.add_tensor(name, (rng.standard_normal(shape) * 0.1).astype(np.float16))

    def norm(name):
        w.add_tensor(name, (1 + rng.standard_normal(dim) * 0.01).astype(np.float32))

    weight("token_embd.weight", vocab, dim)
    norm("blk.0.attn_norm.weight")
    weight("blk.0.attn_q.weight", dim, dim)
    weight("blk.0.attn_k.weight", kv, dim)
    weight("blk.0.attn_v.weight", kv, dim)
    weight("blk.0.attn_output.weight", dim, dim)
    norm("blk.0.ffn_norm.weight")
    weight("blk.0.ffn_gate.weight", ffn, dim)
    weight("blk.0.ffn_up.weight", ffn, dim)
    weight("blk.0.ffn_down.weight", dim, ffn)
    norm("output_norm.weight")
    weight("output.weight", vocab, dim)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def quantized(quantize, source, path):
    """One line per type and tensor: wanted type, tensor, type, SHA-256 of its data."""
    lines = []
    for wanted in "F32 F16 BF16 Q8_0 Q5_0 Q5_1 Q4_0 Q4_1 MXFP4 TQ1_0 TQ2_0".split():
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.gguf")
            ftype = "MXFP4_MOE" if wanted == "MXFP4" else wanted
            subprocess.run([quantize, "--pure", source, out, ftype, "1"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for t in gguf.GGUFReader(out).tensors:
                digest = hashlib.sha256(t.data.tobytes()).hexdigest()
                lines.append(f"{wanted} {t.name} {t.tensor_type.name} {digest}\n")
    with open(path, "w") as f:
        f.writelines(sorted(lines))


def safetensors(path):
    save_file({
        "b.f32": np.arange(6, dtype=np.float32).reshape(2, 3) / 2,
        "a.f16": np.arange(3, dtype=np.float16),
        "c.i64": np.array(-5, dtype=np.int64),
        "d.i8": np.array([[1], [-2]], dtype=np.int8),
        "e.empty": np.zeros((0, 4), dtype=np.float32),
    }, path, metadata={"format": "pt"})
    save_file({"mask": np.array([True, False]), "w": np.ones(2, dtype=np.float32)},
              os.path.join(HERE, "with_bool.safetensors"))


if __name__ == "__main__":
    every_type(os.path.join(HERE, "every_type.gguf"))
    tiny_llama(os.path.join(HERE, "tiny_llama_f16.gguf"))
    quantized(sys.argv[1], os.path.join(HERE, "tiny_llama_f16.gguf"),
              os.path.join(HERE, "tiny_llama_quantized.txt"))
    safetensors(os.path.join(HERE, "five.safetensors"))
