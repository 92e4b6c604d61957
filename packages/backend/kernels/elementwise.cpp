// Elementwise float32 operations: unary, binary with broadcasting, casts and strided copies.
#include "args.h"
#include "gemm.h"
#include "math.h"

namespace XCP_NAMESPACE {

constexpr long kGrain = 16 << 10;  // elements worth a task of their own

/// Applies `f` to each element; `f` takes any vector type. Args: x, y, count.
template <class F>
static void map_lanes(const double *raw, F f) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  parallel_ranges(a.next(), kGrain, [&](long begin, long end) {
    for_lanes(begin, end, [&](auto lane, long i) {
      using V = decltype(lane);
      store<V>(y + i, f(load<V>(x + i)));
    });
  });
}

static void relu(const double *raw) {
  // A NaN stays a NaN, as in TensorFlow.js's cpu backend.
  map_lanes(raw, [](auto v) { return v < 0 ? decltype(v){} : v; });
}
static void relu6(const double *raw) {
  map_lanes(raw, [](auto v) {
    v = v < 0 ? decltype(v){} : v;
    return v > 6.0f ? decltype(v){} + 6.0f : v;
  });
}
static void negate(const double *raw) {
  map_lanes(raw, [](auto v) { return -v; });
}
static void square(const double *raw) {
  map_lanes(raw, [](auto v) { return v * v; });
}
static void exponential(const double *raw) {
  map_lanes(raw, [](auto v) { return math::exp(v); });
}
static void logarithm(const double *raw) {
  map_lanes(raw, [](auto v) { return math::log(v); });
}
static void square_root(const double *raw) {
  map_lanes(raw, [](auto v) { return math::sqrt(v); });
}
static void reciprocal_square_root(const double *raw) {
  map_lanes(raw, [](auto v) { return math::rsqrt(v); });
}
static void absolute(const double *raw) {
  map_lanes(raw, [](auto v) { return magnitude(v); });
}

/// Args: x, y, count, alpha. 1 where x > 0, alpha elsewhere, NaN where NaN.
static void step(const double *raw) {
  float alpha = (float)raw[3];
  map_lanes(raw, [=](auto v) {
    using V = decltype(v);
    return v > 0 ? V{} + 1.0f : v <= 0 ? V{} + alpha : v;
  });
}

/// Args: dy, y, dx, count.
static void relu_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer(), *y = a.pointer();
  float *dx = a.pointer();
  parallel_ranges(a.next(), kGrain, [&](long begin, long end) {
    for_lanes(begin, end, [&](auto lane, long i) {
      using V = decltype(lane);
      store<V>(dx + i, load<V>(y + i) > 0 ? load<V>(dy + i) : V{});
    });
  });
}

/// The widest shapes that kernels with strides take; TypeScript merges neighbouring axes first.
constexpr int kMaxRank = 8;

/// Runs over all but the last axis of a shape and hands out element offsets of up to three strided operands.
/// Args from the cursor: rank, sizes…, then `operands` × strides….
template <int Operands>
struct StridedLoop {
  long rank, sizes[kMaxRank] = {}, strides[Operands][kMaxRank] = {};
  explicit StridedLoop(Args a) : rank(a.next()) {
    for (long i = 0; i < rank; i++) sizes[i] = a.next();
    for (int o = 0; o < Operands; o++) {
      for (long i = 0; i < rank; i++) strides[o][i] = a.next();
    }
  }
  long inner() const { return sizes[rank - 1]; }
  long outer() const {
    long count = 1;
    for (long i = 0; i + 1 < rank; i++) count *= sizes[i];
    return count;
  }
  void offsets(long row, long *out) const {
    for (int o = 0; o < Operands; o++) out[o] = 0;
    for (long i = rank - 2; i >= 0; i--) {
      long index = row % sizes[i];
      row /= sizes[i];
      for (int o = 0; o < Operands; o++) out[o] += index * strides[o][i];
    }
  }
};

/// Args: a, b, out, then a strided loop over a and b; `out` is contiguous.
template <class F>
static void binary(const double *raw, F f) {
  Args args(raw);
  const float *a = args.pointer(), *b = args.pointer();
  float *out = args.pointer();
  StridedLoop<2> loop(args);
  long inner = loop.inner(), outer = loop.outer();
  long step_a = loop.strides[0][loop.rank - 1], step_b = loop.strides[1][loop.rank - 1];
  auto run = [&](const float *pa, const float *pb, float *to, long begin, long end) {
    for_lanes(begin, end, [&](auto lane, long i) {
      using V = decltype(lane);
      V va = step_a ? load<V>(pa + i) : splat<V>(*pa), vb = step_b ? load<V>(pb + i) : splat<V>(*pb);
      store<V>(to + i, f(va, vb));
    });
  };
  if (outer == 1) return parallel_ranges(inner, kGrain, [&](long i, long j) { run(a, b, out, i, j); });
  parallel_ranges(outer, max_long(1, kGrain / max_long(1, inner)), [&](long begin, long end) {
    for (long row = begin; row < end; row++) {
      long at[2];
      loop.offsets(row, at);
      run(a + at[0], b + at[1], out + row * inner, 0, inner);
    }
  });
}

static void add(const double *raw) {
  binary(raw, [](auto x, auto y) { return x + y; });
}
static void subtract(const double *raw) {
  binary(raw, [](auto x, auto y) { return x - y; });
}
static void multiply(const double *raw) {
  binary(raw, [](auto x, auto y) { return x * y; });
}
static void divide(const double *raw) {
  binary(raw, [](auto x, auto y) { return x / y; });
}
static void squared_difference(const double *raw) {
  binary(raw, [](auto x, auto y) { return (x - y) * (x - y); });
}

/// Args: source, target, bytes per element (1 or 4), then a strided loop over source and target. Serves transpose,
/// slice, pad, concat and tile.
static void strided_copy(const double *raw) {
  Args args(raw);
  const char *from = (const char *)args.pointer();
  char *to = (char *)args.pointer();
  long width = args.next();
  StridedLoop<2> loop(args);
  long inner = loop.inner(), step_from = loop.strides[0][loop.rank - 1], step_to = loop.strides[1][loop.rank - 1];
  parallel_ranges(loop.outer(), max_long(1, kGrain / max_long(1, inner)), [&](long begin, long end) {
    for (long row = begin; row < end; row++) {
      long at[2];
      loop.offsets(row, at);
      const char *source = from + at[0] * width;
      char *target = to + at[1] * width;
      if (step_from == 1 && step_to == 1) {
        __builtin_memcpy(target, source, inner * width);
      } else if (width == 4) {
        for (long i = 0; i < inner; i++) ((int32_t *)target)[i * step_to] = ((const int32_t *)source)[i * step_from];
      } else {
        for (long i = 0; i < inner; i++) target[i * step_to] = source[i * step_from];
      }
    }
  });
}

/// Args: y, count, value, bytes per element (1: bool, 4: float32, 5: int32).
static void fill(const double *raw) {
  Args a(raw);
  float *y = a.pointer();
  long count = a.next();
  double value = a.number();
  long kind = a.next();
  parallel_ranges(count, kGrain, [&](long begin, long end) {
    for (long i = begin; i < end; i++) {
      if (kind == 1) {
        ((uint8_t *)y)[i] = value != 0;
      } else if (kind == 4) {
        y[i] = (float)value;
      } else {
        ((int32_t *)y)[i] = (int32_t)value;
      }
    }
  });
}

/// Args: inputs…(count of them first), y, elements. The sum of any number of tensors of one shape.
static void add_n(const double *raw) {
  Args a(raw);
  long inputs = a.next();
  const double *pointers = a.at;
  float *y = (float *)(uintptr_t)pointers[inputs];
  parallel_ranges((long)pointers[inputs + 1], kGrain, [&](long begin, long end) {
    for_lanes(begin, end, [&](auto lane, long i) {
      using V = decltype(lane);
      V total = load<V>((const float *)(uintptr_t)pointers[0] + i);
      for (long k = 1; k < inputs; k++) total += load<V>((const float *)(uintptr_t)pointers[k] + i);
      store<V>(y + i, total);
    });
  });
}

}  // namespace XCP_NAMESPACE
