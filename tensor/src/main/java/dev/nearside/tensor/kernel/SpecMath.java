package dev.nearside.tensor.kernel;

/**
 * The specification's functions of one number, built from IEEE operations alone: every kernel
 * repeats these very operations, in this order, so that every kernel gives the same bits. Errors
 * against the true value: {@code exp} below 1.1 ulp, {@code tanh} below 2 ulp, the others below 3.
 *
 * <p>The polynomials are least-squares fits at Chebyshev nodes, rounded to float32.
 */
public final class SpecMath {
  /** Adding and subtracting it rounds |x| below 2²² to an integer, ties to even. */
  public static final float ROUNDER = 0x1.8p23f;

  public static final float LOG2_E = 0x1.715476p0f;
  public static final float LN2_HIGH = 0x1.63p-1f;
  public static final float LN2_LOW = -0x1.bd0106p-13f;

  /** Below it exp is 0. */
  public static final float EXP_MIN = -104f;

  /** Above it exp is infinite. */
  public static final float EXP_MAX = 89f;

  /** {@code (e^r - 1 - r) / r²} for |r| up to ln 2 / 2, highest power first. */
  public static final float EXP_5 = 0x1.a1517ap-13f;

  public static final float EXP_4 = 0x1.6d4326p-10f;
  public static final float EXP_3 = 0x1.1110c6p-7f;
  public static final float EXP_2 = 0x1.5554eap-5f;
  public static final float EXP_1 = 0x1.555556p-3f;
  public static final float EXP_0 = 0.5f;

  /** Up to here tanh is a polynomial, above it comes from exp. */
  public static final float TANH_SMALL = 0.625f;

  /** {@code (tanh(x) / x - 1) / x²} as a polynomial of x², highest power first. */
  public static final float TANH_5 = 0x1.29e352p-9f;

  public static final float TANH_4 = -0x1.10d6ecp-7f;
  public static final float TANH_3 = 0x1.64934cp-6f;
  public static final float TANH_2 = -0x1.ba0770p-5f;
  public static final float TANH_1 = 0x1.1110e6p-3f;
  public static final float TANH_0 = -0x1.555556p-2f;

  /** Factor of the inner cubic of gelu: {@code -2 sqrt(2 / pi)}. */
  public static final float GELU_SCALE = -0x1.988454p0f;

  public static final float GELU_CUBIC = 0x1.6e4e26p-5f;

  /** Slope and bounds of gpt-oss's gate. */
  public static final float OAI_SLOPE = 0x1.b3b646p0f;

  public static final float OAI_LIMIT = 7f;

  private SpecMath() {}

  /** e to the x: infinite from about 88.73 on, subnormal below -87.33, 0 below -104. */
  public static float exp(float x) {
    float clamped = Math.max(Math.min(x, EXP_MAX), EXP_MIN);
    float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
    int n = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUNDER);
    float whole = shifted - ROUNDER;
    float r = Math.fma(whole, -LN2_HIGH, clamped);
    r = Math.fma(whole, -LN2_LOW, r);
    float p = EXP_5;
    p = Math.fma(p, r, EXP_4);
    p = Math.fma(p, r, EXP_3);
    p = Math.fma(p, r, EXP_2);
    p = Math.fma(p, r, EXP_1);
    p = Math.fma(p, r, EXP_0);
    p = Math.fma(p, r * r, r) + 1f;
    int half = n >> 1; // in two factors, so that each is a normal number
    return p * powerOfTwo(half) * powerOfTwo(n - half);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  /** Odd; ±1 from about 9.01 on. */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float square = x * x;
    float p = TANH_5;
    p = Math.fma(p, square, TANH_4);
    p = Math.fma(p, square, TANH_3);
    p = Math.fma(p, square, TANH_2);
    p = Math.fma(p, square, TANH_1);
    p = Math.fma(p, square, TANH_0);
    float small = Math.fma(p * square, a, a);
    float large = 1f - 2f / (exp(a + a) + 1f);
    return Math.copySign(a < TANH_SMALL ? small : large, x);
  }

  /** {@code 1 / (1 + e^-x)}. */
  public static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }

  /** {@code x / (1 + e^-x)}. */
  public static float silu(float x) {
    return x / (1f + exp(-x));
  }

  /**
   * The tanh form of gelu, {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³)))}, written as
   * {@code x / (1 + e^(-2 sqrt(2 / pi) x (1 + 0.044715 x²)))}, which is the same function.
   */
  public static float geluTanh(float x) {
    float inner = Math.fma(GELU_CUBIC * x, x, 1f);
    return x / (1f + exp((GELU_SCALE * x) * inner));
  }

  /** gpt-oss's gate: see {@link GatedActivation#SWIGLU_OAI}. */
  public static float swigluOai(float gate, float up) {
    float g = Math.min(gate, OAI_LIMIT);
    float u = Math.max(Math.min(up, OAI_LIMIT), -OAI_LIMIT);
    return (g / (1f + exp(-(OAI_SLOPE * g)))) * (u + 1f);
  }

  /** One element of a gated feed-forward layer. */
  public static float gated(GatedActivation act, float gate, float up) {
    return switch (act) {
      case SILU -> silu(gate) * up;
      case GELU_TANH -> geluTanh(gate) * up;
      case GELU -> SpecEncoder.gelu(gate) * up;
      case SWIGLU_OAI -> swigluOai(gate, up);
    };
  }

  /** {@code cap * tanh(x / cap)}. */
  public static float softCap(float x, float cap) {
    return cap * tanh(x / cap);
  }
}
