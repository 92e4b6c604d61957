// Functions of two tensors, with broadcasting.
#include "elementwise.h"

namespace XCP_NAMESPACE {
namespace binary {

// Args: a, b, out, then a strided loop (see `combine`). `x` and `y` are the values.
#define XCP_FLOAT(name, ...)                    \
  static void name(const double *raw) {         \
    combine<float, float>(raw, [](auto x, auto y) { \
      using V = decltype(x);                    \
      return (V)(__VA_ARGS__);                  \
    });                                         \
  }
#define XCP_EACH(name, T, Out, ...)                                        \
  static void name(const double *raw) {                                    \
    combine<T, Out>(raw, [](T x, T y) { return (Out)(__VA_ARGS__); });     \
  }
#define XCP_COMPARE(name, op)                     \
  XCP_EACH(name, float, uint8_t, x op y)          \
  XCP_EACH(name##_int32, int32_t, uint8_t, x op y) \
  XCP_EACH(name##_bool, uint8_t, uint8_t, x op y)

/// The remainder with the sign of b, as (a % b + b) % b in JavaScript.
template <class V>
static inline V remainder_of(V a, V b) {
  return in_double(
      [](auto x, auto y) {
        using D = decltype(x);
        D r = math::remainder_double(x, y);
        D other = math::remainder_double(D(r + y), y);
        return (((x < 0) == (y < 0)) & (y == y)) ? r : other;
      },
      a, b);
}
static inline int32_t remainder_of(int32_t a, int32_t b) {
  if (b == 0 || b == -1) return 0;  // −1: the quotient of the least number would overflow
  int32_t r = a % b;
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
static inline int32_t floor_quotient(int32_t a, int32_t b) {
  if (b == 0) return 0;
  int64_t q = (int64_t)a / b;
  return (int32_t)(q - ((int64_t)a % b != 0 && (a < 0) != (b < 0)));
}
static inline int32_t whole_power(int32_t x, int32_t y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? (y % 2 ? -1 : 1) : 0;
  uint32_t power = 1, base = (uint32_t)x;
  for (uint32_t n = (uint32_t)y; n; n >>= 1, base *= base) {
    if (n & 1) power *= base;
  }
  return (int32_t)power;
}

XCP_FLOAT(add, x + y)
XCP_FLOAT(subtract, x - y)
XCP_FLOAT(multiply, x * y)
XCP_FLOAT(divide, x / y)
XCP_FLOAT(squared_difference, (x - y) * (x - y))
XCP_FLOAT(maximum, ((x > y) | (x != x)) ? x : y)
XCP_FLOAT(minimum, ((x < y) | (x != x)) ? x : y)
XCP_FLOAT(modulo, remainder_of(x, y))
XCP_FLOAT(power, math::pow(x, y))
XCP_FLOAT(atan2, math::atan2(x, y))
XCP_FLOAT(prelu, x < 0 ? V(x * y) : x)
XCP_FLOAT(elu_gradient, y >= 0 ? x : V(x * (y + 1.0f)))  // dy, y
XCP_FLOAT(relu_gradient, y > 0 ? x : V{})                 // dy, y
XCP_EACH(floor_divide, float, int32_t, to_int32(math::floor((double)x / (double)y)))

// Unsigned, so that they wrap around without the undefined behaviour of signed overflow.
XCP_EACH(add_int32, uint32_t, uint32_t, x + y)
XCP_EACH(subtract_int32, uint32_t, uint32_t, x - y)
XCP_EACH(multiply_int32, uint32_t, uint32_t, x * y)
XCP_EACH(squared_difference_int32, uint32_t, uint32_t, (x - y) * (x - y))
XCP_EACH(bitwise_and, uint32_t, uint32_t, x & y)
XCP_EACH(maximum_int32, int32_t, int32_t, x > y ? x : y)
XCP_EACH(minimum_int32, int32_t, int32_t, x < y ? x : y)
XCP_EACH(modulo_int32, int32_t, int32_t, remainder_of(x, y))
XCP_EACH(floor_divide_int32, int32_t, int32_t, floor_quotient(x, y))
XCP_EACH(power_int32, int32_t, int32_t, whole_power(x, y))

XCP_COMPARE(equal, ==)
XCP_COMPARE(not_equal, !=)
XCP_COMPARE(less, <)
XCP_COMPARE(less_equal, <=)
XCP_COMPARE(greater, >)
XCP_COMPARE(greater_equal, >=)
XCP_EACH(logical_and, uint8_t, uint8_t, x && y)
XCP_EACH(logical_or, uint8_t, uint8_t, x || y)
/// Args: inputs…(count of them first), y, elements. The sum of any number of tensors of one shape.
static void add_n(const double *raw) {
  Args a(raw);
  Index inputs = a.next();
  const double *pointers = a.at;
  float *y = (float *)(uintptr_t)pointers[inputs];
  parallel_ranges((Index)pointers[inputs + 1], kGrain, [&](Index begin, Index end) {
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      V total = load<V>((const float *)(uintptr_t)pointers[0] + i);
      for (Index k = 1; k < inputs; k++) total += load<V>((const float *)(uintptr_t)pointers[k] + i);
      store<V>(y + i, total);
    });
  });
}
#undef XCP_FLOAT
#undef XCP_EACH
#undef XCP_COMPARE

}  // namespace binary
}  // namespace XCP_NAMESPACE
