"""Makes golden.txt: blocks and values of every format, from llama.cpp's two references.

    export PYTHONPATH=llama.cpp/gguf-py
    python make_golden.py libggml-base.so > golden.txt

Lines are `decode TYPE SOURCE BLOCKS VALUES` and `encode TYPE SOURCE VALUES BLOCKS`, in base64;
values are little-endian float32. SOURCE is `gguf-py` (gguf/quants.py) or `ggml`
(dequantize_row_* and quantize_row_*_ref of ggml-quants.c, built
for x86-64): the latter for types that gguf-py lacks and for values that have no code, such as NaN.
Made with llama.cpp 3f545bec.
"""

import base64
import ctypes
import sys
import warnings

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T
from gguf import quants

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20260101)

# Where the float16 scales of a block lie; the other bytes may be anything.
F16_AT = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q8_1: [0, 2],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208],
    T.IQ2_XXS: [0], T.IQ2_XS: [0], T.IQ2_S: [0], T.IQ3_XXS: [0], T.IQ3_S: [0], T.IQ1_S: [0],
    T.IQ1_M: [], T.IQ4_NL: [0], T.IQ4_XS: [0], T.TQ1_0: [52], T.TQ2_0: [64],
    T.MXFP4: [], T.NVFP4: [], T(41): [0], T(42): [0],
}
# Ordinary, negative, subnormal, zero, largest.
SCALES = [0.0123, -1.5, 3e-7, 0.0, 65504.0]


def b64(a):
    return base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()


def line(kind, t, source, a, b):
    print(kind, t.name, source, b64(a), b64(b))


def random_blocks(t, n):
    size = GGML_QUANT_SIZES[t][1]
    n = min(n, 3) if size > 40 else n
    blocks = rng.integers(0, 256, (n, size), dtype=np.uint8)
    for i in range(n):
        for at in F16_AT[t]:
            scale = np.array([SCALES[i % len(SCALES)]], np.float16)
            blocks[i, at:at + 2] = scale.view(np.uint8)
    if t == T.IQ1_M:  # the top nibbles of four words make 0x2c9a
        for i, nibble in enumerate([0xA, 0x9, 0xC, 0x2]):
            blocks[:, 49 + 2 * i] = blocks[:, 49 + 2 * i] & 0x0F | nibble << 4
    if t == T.MXFP4:
        blocks[:, 0] = np.resize([120, 0, 1, 2, 254], n)
    if t == T.NVFP4:
        blocks[:, :4] = np.resize([0x38, 0x7F, 0, 5, 0x7E, 8, 0x85, 0xFF], (n, 4))
    return blocks


def plain(values, t):
    return quants.quantize(np.array(values, np.float32), t)


def normals(t, blocks):
    n = GGML_QUANT_SIZES[t][0]
    return (rng.standard_normal((blocks, n)) * 0.02).astype(np.float32)


def awkward(t):
    """Blocks with zeros, ties, tiny and huge values, and with numbers that have no code."""
    n = GGML_QUANT_SIZES[t][0]
    f = np.float32
    out = [
        np.zeros(n, f),
        np.full(n, -0.0, f),
        np.full(n, 0.75, f),
        np.resize(np.array([1, -1, 0.5, -0.5, 0.25, 0, 1.5, -2], f), n),  # ties
        (rng.standard_normal(n) * 1e-7).astype(f),  # the scale is a float16 subnormal
        (rng.standard_normal(n) * 1e-42).astype(f),  # the values are float32 subnormals
        (rng.standard_normal(n) * 1e38).astype(f),  # the scale is infinite
        np.resize(np.array([np.nan, 1, -3, 2], f), n),
        np.resize(np.array([2, -3, np.nan, 1], f), n),
        np.resize(np.array([np.inf, 1, -3, 2], f), n),
        np.resize(np.array([1, -np.inf, 2, 0], f), n),
        np.full(n, np.nan, f),
        np.resize(np.array([1.9999999, -0.3], f), n),
        np.resize(np.array([255.99998, 0.3, 31.0], f), n),  # log2f rounds up to 8
    ]
    return np.stack(out)


def from_gguf_py():
    for t in [T.F16, T.BF16]:
        bits = rng.integers(0, 1 << 16, 24, dtype=np.uint16)
        special = np.array([0, 0x8000, 1, 0x3FF, 0x400, 0x7BFF, 0x7C00, 0xFC00], np.uint16)
        bits = np.concatenate([bits, special]).view(np.uint8).reshape(-1, 2)
        values = quants.dequantize(bits, t)
        keep = ~np.isnan(values.ravel())
        line("decode", t, "gguf-py", bits[keep], values.ravel()[keep])
        ties = np.array([1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-8, 1 + 3 * 2**-8, 65519.996, 65520, 65536,
                         2**-25, 3 * 2**-25, 1e-40, -0.0, np.inf, -np.inf, 3.4e38], np.float32)
        ties = np.concatenate([ties, normals(T.F32, 18).ravel()])
        line("encode", t, "gguf-py", ties, quants.quantize(ties.reshape(1, -1), t))
    for t in F16_AT:
        if t.value in (9, 15, 41, 42):
            continue
        blocks = random_blocks(t, 5)
        line("decode", t, "gguf-py", blocks, quants.dequantize(blocks, t))
    for t in [T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.TQ1_0, T.TQ2_0, T.MXFP4]:
        values = normals(t, 3)
        values[1] = np.round(values[1] * 100) / 64  # many ties
        line("encode", t, "gguf-py", values, quants.quantize(values, t))


def from_ggml(path):
    lib = ctypes.CDLL(path)
    lower = {T.Q8_K: "q8_K", T(41): "q1_0", T(42): "q2_0"}

    def call(name, source, target, k):
        function = getattr(lib, name)
        function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
        function.restype = None
        function(source.ctypes.data, target.ctypes.data, k)
        return target

    for t in [T.Q8_K, T(41), T(42)]:
        elems, size = GGML_QUANT_SIZES[t]
        if t == T.Q8_K:
            values = normals(t, 2)
            blocks = call("quantize_row_q8_K_ref", values, np.zeros((2, size), np.uint8), values.size)
        else:
            blocks = random_blocks(t, 5)
        out = np.zeros((len(blocks), elems), np.float32)
        line("decode", t, "ggml", blocks, call(f"dequantize_row_{lower[t]}", blocks, out, out.size))
    for t in [T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.TQ1_0, T.TQ2_0, T.MXFP4, T.NVFP4, T(41), T(42)]:
        values = np.concatenate([normals(t, 2), awkward(t)])
        blocks = np.zeros((len(values), GGML_QUANT_SIZES[t][1]), np.uint8)
        call(f"quantize_row_{t.name.lower()}_ref", values, blocks, values.size)
        line("encode", t, "ggml", values, blocks)


from_gguf_py()
from_ggml(sys.argv[1])
