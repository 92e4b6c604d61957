// Functions of one tensor, and casts. NaN and −0 come out as TensorFlow.js's cpu backend gives them.
#include "elementwise.h"

namespace XCP_NAMESPACE {
namespace unary {

// Args: x, y, count. `v` is the value, `V` its type.
#define XCP_FLOAT(name, ...)                \
  static void name(const double *raw) {     \
    map_lanes(raw, [](auto v) {             \
      using V = decltype(v);                \
      return (V)(__VA_ARGS__);              \
    });                                     \
  }
#define XCP_EACH(name, X, Y, ...)                               \
  static void name(const double *raw) {                         \
    map_each<X, Y>(raw, [](X v) { return (Y)(__VA_ARGS__); });  \
  }

template <class V>
static inline V relu_of(V v) {
  return v < 0 ? V{} : v;
}

XCP_FLOAT(relu, relu_of(v))
XCP_FLOAT(relu6, relu_of(v) > 6.0f ? V{} + 6.0f : relu_of(v))
XCP_FLOAT(elu, v >= 0 ? v : math::expm1(v))
XCP_FLOAT(selu, math::selu(v))
XCP_FLOAT(negate, -v)
XCP_FLOAT(abs, magnitude(v))
XCP_FLOAT(sign, v > 0 ? V{} + 1.0f : v < 0 ? V{} - 1.0f : V{})
XCP_FLOAT(square, v * v)
XCP_FLOAT(reciprocal, 1.0f / v)
XCP_FLOAT(floor, math::floor(v))
XCP_FLOAT(ceil, math::ceil(v))
XCP_FLOAT(round, math::round(v))
XCP_FLOAT(sqrt, math::sqrt(v))
XCP_FLOAT(rsqrt, math::rsqrt(v))
XCP_FLOAT(exp, math::exp(v))
XCP_FLOAT(expm1, math::expm1(v))
XCP_FLOAT(log, math::log(v))
XCP_FLOAT(log1p, math::log1p(v))
XCP_FLOAT(sigmoid, math::sigmoid(v))
XCP_FLOAT(softplus, math::softplus(v))
XCP_FLOAT(erf, math::erf(v))
XCP_FLOAT(sin, math::sin(v))
XCP_FLOAT(cos, math::cos(v))
XCP_FLOAT(tan, math::tan(v))
XCP_FLOAT(asin, math::asin(v))
XCP_FLOAT(acos, math::acos(v))
XCP_FLOAT(atan, math::atan(v))
XCP_FLOAT(sinh, math::sinh(v))
XCP_FLOAT(cosh, math::cosh(v))
XCP_FLOAT(tanh, math::tanh(v))
XCP_FLOAT(asinh, math::asinh(v))
XCP_FLOAT(acosh, math::acosh(v))
XCP_FLOAT(atanh, math::atanh(v))

XCP_EACH(is_nan, float, uint8_t, v != v)
XCP_EACH(is_inf, float, uint8_t, __builtin_fabsf(v) == __builtin_inff())
XCP_EACH(is_finite, float, uint8_t, v - v == 0)
XCP_EACH(logical_not, uint8_t, uint8_t, !v)

// Wrapping around, as numbers of 32 bits do, without the undefined behaviour of signed overflow.
XCP_EACH(relu_int32, int32_t, int32_t, v < 0 ? 0 : v)
XCP_EACH(relu6_int32, int32_t, int32_t, v < 0 ? 0 : v > 6 ? 6 : v)
XCP_EACH(negate_int32, int32_t, int32_t, 0u - (uint32_t)v)
XCP_EACH(abs_int32, int32_t, int32_t, v < 0 ? 0u - (uint32_t)v : (uint32_t)v)
XCP_EACH(sign_int32, int32_t, int32_t, (v > 0) - (v < 0))
XCP_EACH(square_int32, int32_t, int32_t, (uint32_t)v * (uint32_t)v)

XCP_EACH(float32_to_int32, float, int32_t, to_int32(v))
XCP_EACH(float32_to_bool, float, uint8_t, v != 0)
XCP_EACH(int32_to_float32, int32_t, float, v)
XCP_EACH(int32_to_bool, int32_t, uint8_t, v != 0)
XCP_EACH(bool_to_float32, uint8_t, float, v)
XCP_EACH(bool_to_int32, uint8_t, int32_t, v)
#undef XCP_FLOAT
#undef XCP_EACH

/// Args: x, y, count, alpha. 1 where x > 0, alpha elsewhere, NaN where NaN.
static void step(const double *raw) {
  float alpha = (float)raw[3];
  map_lanes(raw, [=](auto v) {
    using V = decltype(v);
    return v > 0 ? V{} + 1.0f : v <= 0 ? V{} + alpha : v;
  });
}
/// Args: x, y, count, alpha.
static void leaky_relu(const double *raw) {
  float alpha = (float)raw[3];
  map_lanes(raw, [=](auto v) {
    using V = decltype(v);
    return v < 0 ? V(v * alpha) : v;
  });
}
/// Args: x, y, count, least, most.
static void clip(const double *raw) {
  float least = (float)raw[3], most = (float)raw[4];
  map_lanes(raw, [=](auto v) {
    using V = decltype(v);
    return v > most ? V{} + most : v < least ? V{} + least : v;
  });
}
static void clip_int32(const double *raw) {
  double least = raw[3], most = raw[4];
  map_each<int32_t, int32_t>(raw, [=](int32_t v) { return v > most ? to_int32(most) : v < least ? to_int32(least) : v; });
}

}  // namespace unary
}  // namespace XCP_NAMESPACE
