// Loops over elements: one operand, or two with broadcasting, for any element types. A function of floats takes any
// vector type; other types go one by one, in loops that compilers turn into vectors themselves.
#pragma once
#include "args.h"
#include "gemm.h"
#include "math.h"

namespace XCP_NAMESPACE {

constexpr Index kGrain = 16 << 10;  // elements worth a task of their own

template <class T>
static inline T *next_pointer(Args &a) {
  return (T *)a.pointer();
}

/// y[i] = f(x[i]) for floats. Args: x, y, count.
template <class F>
static void map_lanes(const double *raw, F f) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  parallel_ranges(a.next(), kGrain, [&](Index begin, Index end) {
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      store<V>(y + i, f(load<V>(x + i)));
    });
  });
}

/// The same from any type to any type.
template <class X, class Y, class F>
static void map_each(const double *raw, F f) {
  Args a(raw);
  const X *x = next_pointer<const X>(a);
  Y *y = next_pointer<Y>(a);
  parallel_ranges(a.next(), kGrain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) y[i] = f(x[i]);
  });
}

/// The widest shapes that kernels with strides take; TypeScript merges neighbouring axes first.
constexpr int kMaxRank = 8;

/// Runs over all but the last axis of a shape and hands out element offsets of up to three strided operands.
/// Args from the cursor: rank, sizes…, then `operands` × strides….
template <int Operands>
struct StridedLoop {
  Index rank, sizes[kMaxRank] = {}, strides[Operands][kMaxRank] = {};
  explicit StridedLoop(Args a) : rank(a.next()) {
    for (Index i = 0; i < rank; i++) sizes[i] = a.next();
    for (int o = 0; o < Operands; o++) {
      for (Index i = 0; i < rank; i++) strides[o][i] = a.next();
    }
  }
  Index inner() const { return sizes[rank - 1]; }
  Index outer() const {
    Index count = 1;
    for (Index i = 0; i + 1 < rank; i++) count *= sizes[i];
    return count;
  }
  void offsets(Index row, Index *out) const {
    for (int o = 0; o < Operands; o++) out[o] = 0;
    for (Index i = rank - 2; i >= 0; i--) {
      Index index = row % sizes[i];
      row /= sizes[i];
      for (int o = 0; o < Operands; o++) out[o] += index * strides[o][i];
    }
  }
};

/// out[i] = f(a[i], b[i]) along a row; an operand with step 0 is one value for all of it.
template <class F>
static inline void combine_row(const float *a, const float *b, float *out, Index begin, Index end, bool step_a,
                               bool step_b, F f) {
  for_lanes(begin, end, [&](auto lane, Index i) {
    using V = decltype(lane);
    V va = step_a ? load<V>(a + i) : splat<V>(*a), vb = step_b ? load<V>(b + i) : splat<V>(*b);
    store<V>(out + i, f(va, vb));
  });
}
template <class T, class Out, class F>
static inline void combine_row(const T *a, const T *b, Out *out, Index begin, Index end, bool step_a, bool step_b, F f) {
  T va = *a, vb = *b;
  if (step_a && step_b) {
    for (Index i = begin; i < end; i++) out[i] = f(a[i], b[i]);
  } else if (step_a) {
    for (Index i = begin; i < end; i++) out[i] = f(a[i], vb);
  } else if (step_b) {
    for (Index i = begin; i < end; i++) out[i] = f(va, b[i]);
  } else {
    for (Index i = begin; i < end; i++) out[i] = f(va, vb);
  }
}

/// Args: a, b, out, then a strided loop over a and b, whose last strides are 0 or 1; `out` is contiguous.
template <class T, class Out, class F>
static void combine(const double *raw, F f) {
  Args args(raw);
  const T *a = next_pointer<const T>(args), *b = next_pointer<const T>(args);
  Out *out = next_pointer<Out>(args);
  StridedLoop<2> loop(args);
  Index inner = loop.inner(), outer = loop.outer();
  bool step_a = loop.strides[0][loop.rank - 1], step_b = loop.strides[1][loop.rank - 1];
  if (outer == 1) {
    return parallel_ranges(inner, kGrain, [&](Index i, Index j) { combine_row(a, b, out, i, j, step_a, step_b, f); });
  }
  parallel_ranges(outer, max_index(1, kGrain / max_index(1, inner)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++) {
      Index at[2];
      loop.offsets(row, at);
      combine_row(a + at[0], b + at[1], out + row * inner, 0, inner, step_a, step_b, f);
    }
  });
}

/// A number as JavaScript stores it in an Int32Array: toward zero, modulo 2^32, and 0 for what is no number.
template <class T>
static inline int32_t to_int32(T x) {
  return x > (T)-4e18 && x < (T)4e18 ? (int32_t)(int64_t)x : 0;
}

}  // namespace XCP_NAMESPACE
