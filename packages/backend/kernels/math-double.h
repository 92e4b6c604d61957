// Double precision under the float32 functions of math.h: exponential and logarithm on vectors of doubles, and the
// way from floats to doubles and back. A double has 29 bits more than a float, so that a short polynomial and plain
// arithmetic give the nearest float nearly always, and floats that overflow or are denormal need no care: they are
// ordinary doubles.
#pragma once
#include "simd.h"

namespace XCP_NAMESPACE {

typedef float v2 __attribute__((vector_size(8)));
typedef double v2d __attribute__((vector_size(16)));
typedef double v4d __attribute__((vector_size(32)));
typedef double v8d __attribute__((vector_size(64)));
typedef uint32_t v2u __attribute__((vector_size(8)));
typedef uint32_t v4u __attribute__((vector_size(16)));
typedef uint32_t v8u __attribute__((vector_size(32)));
typedef uint32_t v16u __attribute__((vector_size(64)));
typedef uint64_t v2ul __attribute__((vector_size(16)));
typedef uint64_t v4ul __attribute__((vector_size(32)));
typedef uint64_t v8ul __attribute__((vector_size(64)));

/// A float type's bits, and from which number on there are no fractions (2^23, 2^52).
struct SingleKin {
  static constexpr uint32_t kSign = 1u << 31;
  static constexpr float kWhole = 8388608;
};
struct DoubleKin {
  static constexpr uint64_t kSign = 1ull << 63;
  static constexpr double kWhole = 4503599627370496;
};
template <class BitsOf>
struct Double : DoubleKin {
  typedef BitsOf Bits;
};
template <class BitsOf, class WideOf, class HalfOf>
struct Single : SingleKin {
  typedef BitsOf Bits;
  typedef WideOf Wide;  // its lanes as doubles
  typedef HalfOf Half;
};
/// Types that belong to a scalar or vector type.
template <class T>
struct Kin;
template <>
struct Kin<float> : Single<uint32_t, double, void> {};
template <>
struct Kin<v2> : Single<v2u, v2d, float> {};
template <>
struct Kin<v4> : Single<v4u, v4d, v2> {};
template <>
struct Kin<v8> : Single<v8u, v8d, v4> {};
template <>
struct Kin<v16> : Single<v16u, void, v8> {};
template <>
struct Kin<double> : Double<uint64_t> {};
template <>
struct Kin<v2d> : Double<v2ul> {};
template <>
struct Kin<v4d> : Double<v4ul> {};
template <>
struct Kin<v8d> : Double<v8ul> {};

template <class To, class From>
static inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From), "bits of another size");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

static inline double widen(float v) { return v; }
static inline float narrow(double v) { return (float)v; }
template <class V>
static inline typename Kin<V>::Wide widen(V v) {
  return __builtin_convertvector(v, typename Kin<V>::Wide);
}
static inline v2 narrow(v2d v) { return __builtin_convertvector(v, v2); }
static inline v4 narrow(v4d v) { return __builtin_convertvector(v, v4); }
static inline v8 narrow(v8d v) { return __builtin_convertvector(v, v8); }

/// Applies `f`, a function of doubles, to a vector of floats: at once where its doubles fit a register, else in halves
/// (GCC takes vectors wider than a register apart, lane by lane).
template <class V, class F, class... Rest>
static inline V in_double(F f, V x, Rest... rest) {
  if constexpr (lanes<V> == 1 || lanes<V> * sizeof(double) <= sizeof(vec)) {
    return narrow(f(widen(x), widen(rest)...));
  } else {
    typedef typename Kin<V>::Half H;
    struct Halves {
      H low, high;
      explicit Halves(V v) { __builtin_memcpy(this, &v, sizeof v); }
    };
    H halves[2] = {in_double(f, Halves(x).low, Halves(rest).low...), in_double(f, Halves(x).high, Halves(rest).high...)};
    V v;
    __builtin_memcpy(&v, halves, sizeof v);
    return v;
  }
}

/// Σ coefficients[i] · x^(N−1−i).
template <class D, int N>
static inline D polynomial(D x, const double (&coefficients)[N]) {
  D y = D{} + coefficients[0];
#pragma GCC unroll 20
  for (int i = 1; i < N; i++) y = y * x + coefficients[i];
  return y;
}

template <class T>
static inline T magnitude(T x) {
  typedef typename Kin<T>::Bits B;
  return bits_as<T>(bits_as<B>(x) & ~Kin<T>::kSign);
}
template <class T>
static inline T with_sign(T x, T sign) {
  typedef typename Kin<T>::Bits B;
  return bits_as<T>((bits_as<B>(x) & ~Kin<T>::kSign) | (bits_as<B>(sign) & Kin<T>::kSign));
}
/// One lane of a vector, or of a scalar, which is its own only lane.
template <class L, class V>
static inline L lane(const V &v, int i) {
  L x;
  __builtin_memcpy(&x, (const char *)&v + i * sizeof x, sizeof x);
  return x;
}
template <class L, class V>
static inline void set_lane(V &v, int i, L x) {
  __builtin_memcpy((char *)&v + i * sizeof x, &x, sizeof x);
}
/// Whether a comparison holds in any lane.
static inline bool any(bool mask) { return mask; }
static inline bool any(int mask) { return mask; }
template <class M>
static inline bool any(M mask) {
  bool found = false;
  for (unsigned i = 0; i < sizeof mask / sizeof mask[0]; i++) found |= mask[i] != 0;
  return found;
}
/// sqrt by lanes: compilers make it one instruction, and none of them has a name for it on every vector.
static inline double square_root_of(double x) { return __builtin_sqrt(x); }
template <class D>
static inline D square_root_of(D x) {
  for (unsigned i = 0; i < sizeof(D) / sizeof(double); i++) x[i] = __builtin_sqrt(x[i]);
  return x;
}

constexpr double kRounder = 6755399441055744.0;  // 1.5 · 2^52: what is added to it loses its fraction
constexpr double kLn2 = 0.69314718055994530942, kInfinity = __builtin_inf(), kNaN = __builtin_nan("");

/// e^x − 1 = (e^r − 1)·2^k + (2^k − 1) with |r| ≤ ln 2 / 2, so that nothing is lost near 0. `scale` gets 2^k.
template <class D>
static inline D exp_remainder(D x, D *scale) {
  typedef typename Kin<D>::Bits B;
  x = x > 700.0 ? D{} + 700.0 : x < -700.0 ? D{} - 700.0 : x;  // beyond every float
  D shifted = x * (1 / kLn2) + kRounder, r = x - (shifted - kRounder) * kLn2;
  *scale = bits_as<D>((bits_as<B>(shifted) << 52) + 0x3ff0000000000000u);
  return r * polynomial(r, {1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24,
                            1.0 / 6, 0.5, 1.0});
}
template <class D>
static inline D exp_double(D x) {
  D scale, part = exp_remainder(x, &scale);
  return part * scale + scale;
}
template <class D>
static inline D expm1_double(D x) {
  D scale, part = exp_remainder(x, &scale);
  D y = part * scale + (scale - 1.0);
  return x == 0 ? x : y;  // keeps −0
}

/// ln of u·(1 + tail): u = m·2^k with √½ ≤ m < √2. ln m = 2·artanh((m − 1) / (m + 1)). `near_one`, where k = 0, is
/// u − 1 without its rounding.
template <class D>
static inline D log_parts(D u, D near_one) {
  typedef typename Kin<D>::Bits B;
  const uint64_t root_half = 0x6a09e667f3bcd, bias = 1022;
  B exponent = (bits_as<B>(u) - root_half) >> 52;
  D k = bits_as<D>(exponent + 0x4330000000000000u) - (4503599627370496.0 + 1022);
  D m = bits_as<D>(bits_as<B>(u) - ((exponent - bias) << 52));
  D f = k == 0 ? near_one : m - 1.0, s = f / (f + 2.0), s2 = s * s;
  D y = s * polynomial(s2, {2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2.0}) + k * kLn2;
  // ln 0 = −∞, ln ∞ = ∞, and no number below 0.
  return u > 0 ? (u < kInfinity ? y : u) : u == 0 ? D{} - kInfinity : D{} + kNaN;
}
template <class D>
static inline D log_double(D x) {
  return log_parts(x, x - 1.0);
}
template <class D>
static inline D log1p_double(D x) {
  D y = log_parts(x + 1.0, x);
  return x == 0 ? x : y;
}

}  // namespace XCP_NAMESPACE
