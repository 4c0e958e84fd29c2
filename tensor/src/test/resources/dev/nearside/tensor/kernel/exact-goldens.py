"""Golden bits of exact numerics (docs/design/numerics.md), made without any of the Java code.

Every float32 operation is done on exact fractions and rounded once, to nearest even; square roots
on integers. Run it to write exact-goldens.txt anew:

    python3 exact-goldens.py > exact-goldens.txt

A line is `name key=value … = words`: inputs come from word(seed, i), outputs are float32 bits.
"""
from fractions import Fraction as Fr
from math import isqrt
import struct


def bits(f):
    return struct.unpack("<I", struct.pack("<f", f))[0]


def rn(x):
    """Rounds a fraction to float32 (as a Fraction), ties to even, gradual underflow."""
    if x == 0:
        return Fr(0)
    s, a = (-1, -x) if x < 0 else (1, x)
    e = a.numerator.bit_length() - a.denominator.bit_length()
    if Fr(2) ** e > a:
        e -= 1
    if Fr(2) ** (e + 1) <= a:
        e += 1
    q = Fr(2) ** (max(e, -126) - 23)
    n = a / q
    f = n.numerator // n.denominator
    r = n - f
    if r > Fr(1, 2) or (r == Fr(1, 2) and f % 2):
        f += 1
    return s * f * q


def half(x):
    """Rounds a fraction to IEEE half, ties to even; the values here never overflow it."""
    return Fr(struct.unpack("<e", struct.pack("<e", float(x)))[0])


fma = lambda a, b, c: rn(a * b + c)
mul = lambda a, b: rn(a * b)
add = lambda a, b: rn(a + b)
div = lambda a, b: rn(a / b)
hexf = lambda s: Fr(float.fromhex(s))
word32 = lambda x: "%08x" % bits(float(x))


def sqrt(x):
    shift = 200
    n = (x.numerator << (2 * shift)) // x.denominator
    r = isqrt(n)
    return rn(Fr(2 * r + 1, 2 << shift) if r * r != n else Fr(r, 1 << shift))


def word(seed, i):
    h = (seed * 0x9E3779B1 + i * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 15
    h = h * 0x2C1B3C6D & 0xFFFFFFFF
    h ^= h >> 12
    h = h * 0x297A2D39 & 0xFFFFFFFF
    return h ^ h >> 15


def value(seed, i):
    """A float32 in -4 … 4 with 16 bits."""
    return Fr((word(seed, i) & 0xFFFF) - 32768, 8192)


def values(seed, n):
    return [value(seed, i) for i in range(n)]


def rint(x):
    f = x.numerator // x.denominator
    r = x - f
    return f + (1 if r > Fr(1, 2) or (r == Fr(1, 2) and f % 2) else 0)


def exp(x):
    x = max(min(x, Fr(89)), Fr(-104))
    shifted = fma(x, hexf("0x1.715476p0"), Fr(3 << 22))
    n = shifted - (3 << 22)
    r = fma(n, -hexf("0x1.63p-1"), x)
    r = fma(n, hexf("0x1.bd0106p-13"), r)
    p = hexf("0x1.a1517ap-13")
    for c in ("0x1.6d4326p-10", "0x1.1110c6p-7", "0x1.5554eap-5", "0x1.555556p-3", "0x1p-1"):
        p = fma(p, r, hexf(c))
    p = add(fma(p, mul(r, r), r), Fr(1))
    n = int(n)
    return mul(mul(p, Fr(2) ** (n >> 1)), Fr(2) ** (n - (n >> 1)))


def tanh(x):
    a, u = abs(x), mul(x, x)
    if a < Fr(5, 8):
        p = hexf("0x1.29e352p-9")
        for c in ("-0x1.10d6ecp-7", "0x1.64934cp-6", "-0x1.ba0770p-5", "0x1.1110e6p-3",
                  "-0x1.555556p-2"):
            p = fma(p, u, hexf(c))
        y = fma(mul(p, u), a, a)
    else:
        y = add(1, -div(Fr(2), add(exp(add(a, a)), 1)))
    return -y if x < 0 else y


def silu(x):
    return div(x, add(1, exp(-x)))


def gelu(x):
    inner = fma(mul(hexf("0x1.6e4e26p-5"), x), x, Fr(1))
    return div(x, add(1, exp(mul(mul(hexf("-0x1.988454p0"), x), inner))))


def gelu_erf(x):
    t = mul(abs(x), hexf("0x1.6a09e6p-1"))
    u = div(Fr(1), fma(t, hexf("0x1.99999ap-2"), Fr(1)))
    p = hexf("-0x1.f29042p-7")
    for c in ("0x1.9e74cap-4", "-0x1.046946p-2", "0x1.1eaa4ep-2", "-0x1.2d41ccp-3", "0x1.1bb2e8p-3",
              "0x1.064414p-4", "0x1.b8d1fap-4", "0x1.cca080p-4", "0x1.ce4058p-4"):
        p = fma(p, u, hexf(c))
    h = mul(exp(-mul(t, t)), mul(p, u))
    return mul(x, h) if x < 0 else fma(-x, h, x)


def layer_norm(x, weight, bias, eps):
    lanes = [Fr(0)] * 16
    for i, v in enumerate(x):
        lanes[i % 16] = add(lanes[i % 16], v)
    mean = div(tree(lanes), len(x))
    d = [add(v, -mean) for v in x]
    lanes = [Fr(0)] * 16
    for i, v in enumerate(d):
        lanes[i % 16] = fma(v, v, lanes[i % 16])
    f = div(Fr(1), sqrt(add(div(tree(lanes), len(x)), eps)))
    return [fma(mul(v, f), w, b) for v, w, b in zip(d, weight, bias)]


def oai(g, u):
    g, u = min(g, Fr(7)), max(min(u, Fr(7)), Fr(-7))
    return mul(div(g, add(1, exp(-mul(hexf("0x1.b3b646p0"), g)))), add(u, 1))


def tree(lanes):
    h = 8
    while h:
        lanes = [add(lanes[i], lanes[i + h]) for i in range(h)]
        h //= 2
    return lanes[0]


def quantise(x):
    q, d = [], []
    for b in range(0, len(x), 32):
        m = max(map(abs, x[b:b + 32]))
        s = div(m, 4064) if m >= Fr(2) ** -100 else Fr(0)
        d.append(s)
        q += [rint(div(v, s)) if s else 0 for v in x[b:b + 32]]
    return q, d


def f16at(b, at):
    return Fr(struct.unpack("<e", b[at:at + 2])[0])


def nibbles(b, at):
    return [c & 15 for c in b[at:at + 16]] + [c >> 4 for c in b[at:at + 16]]


IQ4 = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
FP4 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]


def k_scales(s):
    sc = [s[g] & 63 if g < 4 else (s[g + 4] & 15) | (s[g - 4] >> 6) << 4 for g in range(8)]
    mn = [s[g + 4] & 63 if g < 4 else (s[g + 4] >> 4) | (s[g] >> 6) << 4 for g in range(8)]
    return sc, mn


def block(t, b):
    """(group, codes, scales, offsets or None) of one block."""
    if t in ("Q4_0", "IQ4_NL"):
        n = nibbles(b, 2)
        return 32, [IQ4[c] for c in n] if t == "IQ4_NL" else [c - 8 for c in n], [f16at(b, 0)], None
    if t == "Q4_1":
        return 32, nibbles(b, 4), [f16at(b, 0)], [f16at(b, 2)]
    if t in ("Q5_0", "Q5_1"):
        o = 2 if t == "Q5_0" else 4
        h = int.from_bytes(b[o:o + 4], "little")
        c = [n + 16 * (h >> k & 1) for k, n in enumerate(nibbles(b, o + 4))]
        if t == "Q5_0":
            return 32, [v - 16 for v in c], [f16at(b, 0)], None
        return 32, c, [f16at(b, 0)], [f16at(b, 2)]
    if t == "Q8_0":
        return 32, list(struct.unpack("<32b", b[2:34])), [f16at(b, 0)], None
    if t == "MXFP4":
        return 32, [FP4[c] for c in nibbles(b, 1)], [Fr(2) ** (b[0] - 128)], None
    if t in ("Q4_K", "Q5_K"):
        d, m = f16at(b, 0), f16at(b, 2)
        sc, mn = k_scales(b[4:16])
        qs = b[48:176] if t == "Q5_K" else b[16:144]
        c = []
        for j in range(4):
            part = qs[32 * j:32 * j + 32]
            c += [v & 15 for v in part] + [v >> 4 for v in part]
        if t == "Q5_K":
            c = [v + 16 * (b[16 + k % 32] >> (k // 32) & 1) for k, v in enumerate(c)]
        return 32, c, [d * s for s in sc], [-m * s for s in mn]
    if t == "Q6_K":
        c = [0] * 256
        for n in range(2):
            ql, qh = b[64 * n:64 * n + 64], b[128 + 32 * n:160 + 32 * n]
            for l in range(32):
                c[128 * n + l] = (ql[l] & 15 | (qh[l] & 3) << 4) - 32
                c[128 * n + l + 32] = (ql[l + 32] & 15 | (qh[l] >> 2 & 3) << 4) - 32
                c[128 * n + l + 64] = (ql[l] >> 4 | (qh[l] >> 4 & 3) << 4) - 32
                c[128 * n + l + 96] = (ql[l + 32] >> 4 | (qh[l] >> 6 & 3) << 4) - 32
        d = f16at(b, 208)
        return 16, c, [d * s for s in struct.unpack("<16b", b[192:208])], None
    if t == "Q2_K":
        c = []
        for n in range(2):
            for j in range(4):
                c += [v >> 2 * j & 3 for v in b[16 + 32 * n:48 + 32 * n]]
        d, m = f16at(b, 80), f16at(b, 82)
        return 16, c, [d * (s & 15) for s in b[:16]], [-m * (s >> 4) for s in b[:16]]
    if t == "Q3_K":
        c, sc = [], []
        for n in range(2):
            for j in range(4):
                for l in range(32):
                    high = b[l] >> (4 * n + j) & 1
                    c.append((b[32 + 32 * n + l] >> 2 * j & 3) - (0 if high else 4))
        s = b[96:108]
        for g in range(16):
            low = s[g] & 15 if g < 8 else s[g - 8] >> 4
            sc.append((low | (s[8 + g % 4] >> 2 * (g // 4) & 3) << 4) - 32)
        return 16, c, [f16at(b, 108) * v for v in sc], None
    if t == "IQ4_XS":
        h = int.from_bytes(b[2:4], "little")
        c, sc = [], []
        for g in range(8):
            c += [IQ4[v] for v in nibbles(b, 8 + 16 * g)]
            sc.append(((b[4 + g // 2] >> 4 * (g % 2) & 15) | (h >> 2 * g & 3) << 4) - 32)
        return 32, c, [f16at(b, 0) * v for v in sc], None
    raise ValueError(t)


# type: (elements, bytes, where the high bytes of f16 fields are)
TYPES = {
    "Q4_0": (32, 18, [1]), "Q4_1": (32, 20, [1, 3]), "Q5_0": (32, 22, [1]),
    "Q5_1": (32, 24, [1, 3]), "Q8_0": (32, 34, [1]), "Q2_K": (256, 84, [81, 83]),
    "Q3_K": (256, 110, [109]), "Q4_K": (256, 144, [1, 3]), "Q5_K": (256, 176, [1, 3]),
    "Q6_K": (256, 210, [209]), "IQ4_NL": (32, 18, [1]), "IQ4_XS": (256, 136, [1]),
    "MXFP4": (32, 17, []),
}


def row_bytes(t, seed, blocks):
    """Pseudo-random blocks; f16 exponents are kept small, so that nothing overflows."""
    _, size, highs = TYPES[t]
    out = bytearray(word(seed, i) & 0xFF for i in range(blocks * size))
    for b in range(blocks):
        for at in highs:
            out[b * size + at] = out[b * size + at] & 0x83 | 0x28
        if t == "MXFP4":
            out[b * size] = 120 + out[b * size] % 16
    return bytes(out)


def dot_codes(t, row, x):
    elems, size, _ = TYPES[t]
    q, d = quantise(x)
    y = Fr(0)
    for i in range(len(x) // elems):
        group, codes, scales, offsets = block(t, row[i * size:(i + 1) * size])
        for g in range(elems // group):
            at = i * elems + g * group
            part = q[at:at + group]
            dx = d[at // 32]
            dot = sum(a * b for a, b in zip(codes[g * group:(g + 1) * group], part))
            y = fma(Fr(dot), mul(scales[g], dx), y)
            if offsets:
                y = fma(Fr(sum(part)), mul(offsets[g], dx), y)
    return y


def rope(x, pairs, style, cs):
    x = list(x)
    for i in range(pairs):
        a, b = (2 * i, 2 * i + 1) if style == "ADJACENT" else (i, i + pairs)
        c, s = cs[2 * i], cs[2 * i + 1]
        x[a], x[b] = fma(x[a], c, -mul(x[b], s)), fma(x[a], s, mul(x[b], c))
    return x


def q8(x):
    """Stored keys or values in Q8_0: per 32 dimensions a scale in f16 and codes."""
    scales, codes = [], []
    for at in range(0, len(x), 32):
        part = x[at:at + 32]
        s = half(div(max(abs(v) for v in part), 127))
        scales.append(s)
        codes += [Fr(max(-127, min(127, rint(div(v, s)) if s else 0))) for v in part]
    return scales, codes


def attention(q, keys, vals, pos, scale, window, cap, sink, coded=False):
    lo = max(0, pos - window + 1) if window else 0
    return attend(q, keys, vals, lo, pos, scale, cap, sink, coded)


def attend(q, keys, vals, lo, hi, scale, cap, sink, coded=False):
    state = None
    for tile in range(lo // 64, hi // 64 + 1):
        seen = range(max(lo, tile * 64), min(hi, tile * 64 + 63) + 1)
        s = {}
        for j in seen:
            a = Fr(0)
            if coded:
                scales, codes = keys[j]
                for g, s8 in enumerate(scales):
                    t = Fr(0)
                    for i in range(g * 32, g * 32 + 32):
                        t = fma(q[i], codes[i], t)
                    a = fma(t, s8, a)
            else:
                for i, v in enumerate(q):
                    a = fma(v, keys[j][i], a)
            a = mul(a, scale)
            s[j] = mul(cap, tanh(div(a, cap))) if cap else a
        m = max(s.values())
        p = {j: exp(add(s[j], -m)) for j in seen}
        lanes = [Fr(0)] * 16
        for j in seen:
            lanes[j % 16] = add(lanes[j % 16], p[j])
        l = tree(lanes)
        acc = []
        for i in range(len(q)):
            v = Fr(0)
            for j in seen:
                if coded:
                    scales, codes = vals[j]
                    v = fma(mul(p[j], scales[i // 32]), codes[i], v)
                else:
                    v = fma(p[j], vals[j][i], v)
            acc.append(v)
        if state is None:
            state = (m, l, acc)
            continue
        M, L, A = state
        n = max(M, m)
        c1, c2 = exp(add(M, -n)), exp(add(m, -n))
        state = (n, fma(L, c1, mul(l, c2)), [fma(a, c1, mul(b, c2)) for a, b in zip(A, acc)])
    M, L, A = state
    if sink is not None:
        n = max(M, sink)
        c1 = exp(add(M, -n))
        L = fma(L, c1, exp(add(sink, -n)))
        A = [mul(a, c1) for a in A]
    return [div(a, L) for a in A]


def line(name, out):
    print(name, "=", " ".join(word32(v) for v in out))


def main():
    xs = [Fr(n, 64) for n in range(-6700, 6000, 97)]
    line("exp", [exp(x) for x in xs if x < 88])
    xs = [Fr(n, 256) for n in range(-3000, 3000, 61)]
    line("tanh", [tanh(x) for x in xs])
    line("silu", [silu(x) for x in xs])
    line("gelu", [gelu(x) for x in xs if x > -9])  # below, exp overflows
    line("oai", [oai(x, -x) for x in xs])
    x = values(1, 96)
    q, d = quantise(x)
    line("quantise", [Fr(v) for v in q] + d)
    for t, (elems, _, _) in TYPES.items():
        blocks = 3 if elems == 32 else 2
        row = row_bytes(t, 7, blocks)
        print("dot", t, row.hex(), "=", word32(dot_codes(t, row, values(2, blocks * elems))))
    y = Fr(0)
    for a, b in zip(values(3, 37), values(4, 37)):
        y = fma(a, b, y)
    line("floats", [y])
    x, w = values(5, 37), values(6, 37)
    lanes = [Fr(0)] * 16
    for i, v in enumerate(x):
        lanes[i % 16] = fma(v, v, lanes[i % 16])
    f = div(Fr(1), sqrt(add(div(tree(lanes), 37), rn(Fr(1, 100000)))))
    line("norm", [mul(mul(v, f), g) for v, g in zip(x, w)])
    x = values(8, 37)
    e = [exp(add(v, -max(x))) for v in x]
    lanes = [Fr(0)] * 16
    for i, v in enumerate(e):
        lanes[i % 16] = add(lanes[i % 16], v)
    line("softmax", [div(v, tree(lanes)) for v in e])
    for style in ("ADJACENT", "HALVES"):
        line("rope " + style, rope(values(9, 10), 4, style, values(10, 8)))
    q = values(11, 5)
    keys = [[half(value(12, 5 * j + i)) for i in range(5)] for j in range(150)]
    vals = [[half(value(13, 5 * j + i)) for i in range(5)] for j in range(150)]
    for pos, window, cap, sink in ((0, 0, 0, None), (63, 0, 0, None), (64, 0, 0, None),
                                   (149, 0, 0, None), (149, 70, 0, None), (149, 0, 30, None),
                                   (149, 100, 2, Fr(1, 2)), (3, 0, 0, Fr(9))):
        out = attention(q, keys, vals, pos, Fr(7, 16), window, Fr(cap), sink)
        name = "attention %d %d %d %s" % (pos, window, cap, "-" if sink is None else float(sink))
        line(name, out)
    q = values(11, 64)
    keys = [q8(values(12, 64 * 150)[64 * j:64 * j + 64]) for j in range(150)]
    vals = [q8(values(13, 64 * 150)[64 * j:64 * j + 64]) for j in range(150)]
    for pos, window, cap, sink in ((0, 0, 0, None), (64, 0, 0, None), (149, 70, 30, Fr(1, 2))):
        out = attention(q, keys, vals, pos, Fr(7, 16), window, Fr(cap), sink, True)
        name = "attention8 %d %d %d %s" % (pos, window, cap, "-" if sink is None else float(sink))
        line(name, out)
    xs = [Fr(n, 256) for n in range(-3000, 3000, 61)]
    line("gelu_erf", [gelu_erf(x) for x in xs])
    line("layer_norm", layer_norm(values(14, 37), values(15, 37), values(16, 37), rn(Fr(1, 100000))))
    q = values(11, 5)
    keys = [[value(17, 5 * j + i) for i in range(5)] for j in range(150)]
    vals = [[value(18, 5 * j + i) for i in range(5)] for j in range(150)]
    for pos, reach in ((0, 0), (149, 0), (70, 0), (70, 3), (66, 40), (149, 64), (3, 2**31 - 1)):
        lo, hi = (max(0, pos - reach), min(149, pos + reach)) if reach else (0, 149)
        line("both %d %d" % (pos, reach), attend(q, keys, vals, lo, hi, Fr(7, 16), Fr(0), None))


main()
