// The functions of mathematics on float32 vectors (and single floats) without a C library, so that they compile for
// wasm too. Computed in double precision and rounded once: each is within 0.51 ulp of the true value, but erf, which
// is within 0.52 (measured by math.test.ts through the kernels). NaN, infinities, denormals and huge values give what
// JavaScript's Math gives.
#pragma once
#include "math-double.h"
#include "math-trig.h"

namespace XCP_NAMESPACE {
namespace math {

/// A function of floats from the body of a function of doubles: `x`, of type `D`.
#define XCP_UNARY(name, ...)                                            \
  template <class V>                                                    \
  static inline V name(V v) {                                           \
    auto body = [](auto x) { using D = decltype(x); __VA_ARGS__ };      \
    return in_double(body, v);                                          \
  }

XCP_UNARY(exp, return exp_double<D>(x);)
XCP_UNARY(expm1, return expm1_double<D>(x);)
XCP_UNARY(log, return log_double<D>(x);)
XCP_UNARY(log1p, return log1p_double<D>(x);)
XCP_UNARY(sigmoid, return 1.0 / (1.0 + exp_double<D>(-x));)
XCP_UNARY(sin, return x == 0 ? x : sine<D>(x, 0);)
XCP_UNARY(cos, return sine<D>(x, 1);)
XCP_UNARY(tan, return x == 0 ? x : sine<D>(x, 0) / sine<D>(x, 1);)
XCP_UNARY(atan, return with_sign<D>(arctangent<D>(magnitude(x)), x);)
XCP_UNARY(asin, return with_sign<D>(arctangent<D>(magnitude(x) / square_root_of(1.0 - x * x)), x);)
XCP_UNARY(acos, return 2.0 * arctangent<D>(square_root_of((1.0 - x) / (1.0 + x)));)

XCP_UNARY(selu, return (x >= 0 ? x : expm1_double<D>(x) * 1.6732632423543772848) * 1.0507009873554804934;)

/// tanh x = (e^2x − 1) / (e^2x + 1).
XCP_UNARY(tanh, {
  D e = expm1_double<D>(2.0 * x);
  return x == 0 ? x : e / (e + 2.0);
})
XCP_UNARY(sinh, {
  D e = expm1_double<D>(magnitude(x));
  return with_sign<D>(0.5 * (e + e / (e + 1.0)), x);
})
XCP_UNARY(cosh, {
  D e = exp_double<D>(x);
  return 0.5 * (e + 1.0 / e);
})
XCP_UNARY(asinh, {
  D a = magnitude(x), y = log1p_double<D>(a + a * a / (1.0 + square_root_of(1.0 + a * a)));
  return a < kInfinity ? with_sign<D>(y, x) : x;
})
XCP_UNARY(acosh, {
  D d = x - 1.0, y = log1p_double<D>(d + square_root_of(d * (x + 1.0)));
  return x < 1.0 ? D{} + kNaN : y;
})
XCP_UNARY(atanh, {
  D a = magnitude(x);
  return with_sign<D>(0.5 * log1p_double<D>(2.0 * a / (1.0 - a)), x);
})
/// ln(1 + e^x), which is x itself where e^x is all of the sum.
XCP_UNARY(softplus, return x > 100.0 ? x : log1p_double<D>(exp_double<D>(x));)

/// Minimax polynomials of erf x / x in x² below 1, and of erf x in (x − 2.5) / 1.5 up to 4, where it is 1 to a float.
XCP_UNARY(erf, {
  D a = magnitude(x), t = (a - 2.5) / 1.5;
  D small = x * polynomial(x * x, {1.0589380641075019e-6, -1.3909340021874599e-5, 0.0001195656256820733,
                                   -0.00085426379970872296, 0.0052237834771892481, -0.026866133235095592,
                                   0.11283791308604581, -0.37612638889635307, 1.1283791670946767});
  D large = polynomial(t, {1.1253841035300361e-5, -0.00015377221948114264, 0.00021478679920314409,
                           0.00067368093409816759, -0.0019661753689665664, 0.00067123468402144318,
                           0.0046145006822765159, -0.0097427152356957747, 0.0066601648744767379,
                           0.0093039651737033741, -0.031873345262891639, 0.04644781788733318, -0.04365100046459873,
                           0.02818196638343008, -0.012252844095000916, 0.0032674177157243533, 0.99959304798255504});
  return a < 1.0 ? small : a > 4.0 ? with_sign<D>(D{} + 1.0, x) : with_sign<D>(large, x);
})
#undef XCP_UNARY

/// Correctly rounded, by the processor's own instruction.
static inline float sqrt(float v) { return __builtin_sqrtf(v); }
template <class V>
static inline V sqrt(V v) {
  for (int i = 0; i < lanes<V>; i++) v[i] = __builtin_sqrtf(v[i]);
  return v;
}
template <class V>
static inline V rsqrt(V v) {
  return in_double([](auto x) { return 1.0 / square_root_of(x); }, v);
}

/// The nearest whole number, ties to even; floor, ceil and trunc. −0 stays −0, and so does what becomes 0 from below.
template <class V>
static inline V round(V v) {
  const auto whole = Kin<V>::kWhole;
  V a = magnitude(v), rounded = with_sign<V>((a + whole) - whole, v);
  return a < whole ? rounded : v;
}
template <class V>
static inline V floor(V v) {
  V r = round(v);
  return r > v ? r - 1.0f : r;
}
template <class V>
static inline V ceil(V v) {
  V r = round(v);
  return with_sign<V>(r < v ? r + 1.0f : r, v);
}
template <class V>
static inline V trunc(V v) {
  return with_sign<V>(floor(magnitude(v)), v);
}

/// As JavaScript's Math.pow: x^0 is 1, a negative x has powers for whole y alone, and 1^±∞ and 1^NaN are NaN.
template <class V>
static inline V pow(V base, V exponent) {
  return in_double(
      [](auto x, auto y) {
        using D = decltype(x);
        D power = exp_double<D>(y * log_double<D>(magnitude(x)));
        D whole = round(y), half = round(0.5 * y);
        power = whole != y ? (x < 0 ? (x > -kInfinity ? D{} + kNaN : power) : power)
                           : (half + half != y ? with_sign<D>(power, x) : power);
        return y == 0 ? D{} + 1.0 : power;
      },
      base, exponent);
}

/// The angle of the point (x, y), as JavaScript's Math.atan2.
template <class V>
static inline V atan2(V vy, V vx) {
  return in_double(
      [](auto y, auto x) {
        using D = decltype(x);
        D ay = magnitude(y), ax = magnitude(x), ratio = ay / ax;
        ratio = ay == ax ? (ay == 0 ? D{} : D{} + 1.0) : ratio;
        D angle = arctangent<D>(ratio), left = with_sign<D>(D{} + 1.0, x);
        return with_sign<D>(left < 0.0 ? kPi - angle : angle, y);
      },
      vy, vx);
}

/// The remainder of a / b with the sign of a, exact whatever the quotient: whole multiples of b are taken away by the
/// leading bits of the quotient, which leave an exact product.
template <class D>
static inline D remainder_double(D a, D b) {
  D r = magnitude(a), d = magnitude(b);
  typedef typename Kin<D>::Bits B;
  do {
    D q = trunc(bits_as<D>(bits_as<B>(r / d) & ~(uint64_t)0x3ffffff));
    r -= q * d;
  } while (any((magnitude(r) >= d) & (d > 0) & (r - r == 0)));
  r = r < 0 ? r + d : r;
  r = d < kInfinity ? r : magnitude(a);
  r = d > 0 && magnitude(a) < kInfinity ? r : D{} + kNaN;
  return with_sign<D>(r, a);
}

}  // namespace math
}  // namespace XCP_NAMESPACE
