// Sine, cosine and their inverses on vectors of doubles.
#pragma once
#include "math-double.h"

namespace XCP_NAMESPACE {

constexpr double kPi = 3.14159265358979323846;

/// An angle less a multiple of π/2: |rest| ≤ π/4.
struct Reduced {
  double rest;
  int64_t quadrant;
};

/// For a float of 2^23 and more: the bits of 2/π that matter times the angle's 24 bits, whole turns dropped (Payne and
/// Hanek, "Radian Reduction for Trigonometric Functions", 1983).
static inline Reduced reduce_huge(float x) {
  // 2/π behind 32 zero bits, so that a window may begin before the point.
  static const uint32_t two_over_pi[] = {0,          0xa2f9836e, 0x4e441529, 0xfc2757d1,
                                         0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab};
  uint32_t bits = bits_as<uint32_t>(x) & ~Kin<float>::kSign;
  uint64_t mantissa = (bits & 0x7fffff) | 0x800000;
  uint32_t exponent = (bits >> 23) - 150;  // |x| = mantissa · 2^exponent
  auto window = [=](int i) {
    const uint32_t *w = two_over_pi + exponent / 32 + i;
    return (((uint64_t)w[0] << 32 | w[1]) << exponent % 32) >> 32;
  };
  // |x| · 2/π in quadrants, as whole + fraction · 2^-64; what is left out before is a multiple of 2^32.
  uint64_t upper = mantissa * window(1), middle = mantissa * window(2), lower = mantissa * window(3) >> 32;
  uint64_t partial = (upper << 32) + middle, fraction = partial + lower;
  uint64_t whole = mantissa * window(0) + (upper >> 32) + (partial < middle) + (fraction < lower);
  int64_t quadrant = (int64_t)(whole + (fraction >> 63));
  double rest = (double)(int64_t)fraction * (kPi / 2 / 18446744073709551616.0);
  return x < 0 ? Reduced{-rest, -quadrant} : Reduced{rest, quadrant};
}

template <class D>
static inline D sine(D x, int turn) {
  typedef typename Kin<D>::Bits B;
  // π/2 in three parts; products of the first two with k are exact.
  const double p1 = 1.570796325802803, p2 = 9.9209357395935172e-10, p3 = 5.7211887261098318e-18;
  const double huge = Kin<float>::kWhole;
  D shifted = x * (2 / kPi) + kRounder, k = shifted - kRounder;
  D r = ((x - k * p1) - k * p2) - k * p3;
  B quadrant = bits_as<B>(shifted) + (uint64_t)turn;
  if (any((magnitude(x) < huge) == 0)) {
    for (unsigned i = 0; i < sizeof x / sizeof(double); i++) {
      double angle = lane<double>(x, i);
      if (__builtin_fabs(angle) < huge) continue;
      bool finite = __builtin_fabs(angle) < kInfinity;
      Reduced reduced = finite ? reduce_huge((float)angle) : Reduced{kNaN, 0};
      set_lane(r, i, reduced.rest);
      set_lane(quadrant, i, (uint64_t)(reduced.quadrant + turn));
    }
  }
  D r2 = r * r;
  D s = r + r * r2 * polynomial(r2, {1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6});
  D c = polynomial(r2, {-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1.0});
  D y = (quadrant & 1) == 0 ? s : c;
  return bits_as<D>(bits_as<B>(y) ^ ((quadrant & 2) << 62));
}

/// arctan of t ≥ 0 (∞ too): folded twice, so that the series runs over |t| ≤ tan(π/8).
template <class D>
static inline D arctangent(D t) {
  const double eighth = 0.41421356237309504880, three_eighths = 2.41421356237309504880;
  D base = t > three_eighths ? D{} + kPi / 2 : t > eighth ? D{} + kPi / 4 : D{};
  D r = t > three_eighths ? -1.0 / t : t > eighth ? (t - 1.0) / (t + 1.0) : t, r2 = r * r;
  return base + r * polynomial(r2, {1.0 / 25, -1.0 / 23, 1.0 / 21, -1.0 / 19, 1.0 / 17, -1.0 / 15, 1.0 / 13, -1.0 / 11,
                                    1.0 / 9, -1.0 / 7, 1.0 / 5, -1.0 / 3, 1.0});
}

}  // namespace XCP_NAMESPACE
