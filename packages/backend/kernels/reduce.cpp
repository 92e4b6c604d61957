// Reductions and scans over the middle axis of [outer, length, inner]. A long axis is folded in pieces that follow from
// the shape alone, so that the result does not depend on the number of threads.
#include "elementwise.h"

namespace XCP_NAMESPACE {
namespace reduce {

struct Shape {
  Index outer, length, inner;
  explicit Shape(Args &a) : outer(a.next()), length(a.next()), inner(a.next()) {}
};

/// f over a contiguous run: vector lanes first, then across; a run is cut so that long sums stay exact.
template <class F>
static inline float fold_run(const float *x, Index count, float identity, F f) {
  constexpr Index kCut = 8 << 10;
  float total = identity;
  for (; count > 0; x += kCut, count -= kCut) {
    Index n = min_index(count, kCut), i = 0;
    vec acc[4] = {splat<vec>(identity), splat<vec>(identity), splat<vec>(identity), splat<vec>(identity)};
    for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
      for (int j = 0; j < 4; j++) acc[j] = f(acc[j], load<vec>(x + i + j * kLanes));
    }
    vec folded = f(vec(f(acc[0], acc[1])), vec(f(acc[2], acc[3])));
    float part = identity;
    for (int j = 0; j < kLanes; j++) part = f(part, folded[j]);
    for (; i < n; i++) part = f(part, x[i]);
    total = f(total, part);
  }
  return total;
}
template <class T, class F>
static inline T fold_run(const T *x, Index count, T identity, F f) {
  T total = identity;
  for (Index i = 0; i < count; i++) total = f(total, x[i]);
  return total;
}

/// into[c] = f(into[c], row[c])
template <class F>
static inline void fold_row(float *into, const float *row, Index count, F f) {
  for_lanes(0, count, [&](auto lane, Index c) {
    using V = decltype(lane);
    store<V>(into + c, f(load<V>(into + c), load<V>(row + c)));
  });
}
template <class T, class F>
static inline void fold_row(T *into, const T *row, Index count, F f) {
  for (Index c = 0; c < count; c++) into[c] = f(into[c], row[c]);
}

/// out[o, c] = f over l of x[o, l, c].
template <class T, class F>
static void fold(const T *x, T *out, const Shape &s, T identity, F f) {
  Index plane = s.length * s.inner;
  Index pieces = s.outer >= 16 ? 1 : max_index(1, min_index(min_index(64, s.length), plane / kGrain));
  T *parts = pieces == 1 ? out : (T *)xcp_scratch(kPartials, sizeof(T) * s.outer * pieces * s.inner);
  if (!parts) return;
  parallel_ranges(s.outer * pieces, max_index(1, kGrain * pieces / max_index(1, plane)), [&](Index i0, Index i1) {
    for (Index i = i0; i < i1; i++) {
      Index piece = i % pieces, begin = piece_start(s.length, piece, pieces), end = piece_start(s.length, piece + 1, pieces);
      const T *from = x + (i / pieces * s.length + begin) * s.inner;
      T *part = parts + i * s.inner;
      if (s.inner == 1) {
        *part = fold_run(from, end - begin, identity, f);
        continue;
      }
      for (Index c = 0; c < s.inner; c++) part[c] = identity;
      for (Index l = begin; l < end; l++, from += s.inner) fold_row(part, from, s.inner, f);
    }
  });
  if (pieces == 1) return;
  for (Index o = 0; o < s.outer; o++) {
    T *to = out + o * s.inner;
    const T *part = parts + o * pieces * s.inner;
    __builtin_memcpy(to, part, sizeof(T) * s.inner);
    for (Index p = 1; p < pieces; p++) fold_row(to, part + p * s.inner, s.inner, f);
  }
}

// Args: x, y, outer, length, inner. NaN anywhere gives NaN.
template <class T, class F>
static void fold_kernel(const double *raw, T identity, F f) {
  Args a(raw);
  const T *x = next_pointer<const T>(a);
  T *y = next_pointer<T>(a);
  fold(x, y, Shape(a), identity, f);
}
#define XCP_FOLD(name, T, identity, ...)      \
  static void name(const double *raw) {       \
    fold_kernel<T>(raw, identity, [](auto x, auto y) { return (decltype(x))(__VA_ARGS__); }); \
  }
XCP_FOLD(reduce_max, float, -__builtin_inff(), ((x > y) | (x != x)) ? x : y)
XCP_FOLD(reduce_min, float, __builtin_inff(), ((x < y) | (x != x)) ? x : y)
XCP_FOLD(reduce_prod, float, 1, x * y)
XCP_FOLD(reduce_max_int32, int32_t, INT32_MIN, x > y ? x : y)
XCP_FOLD(reduce_min_int32, int32_t, INT32_MAX, x < y ? x : y)
XCP_FOLD(reduce_sum_int32, uint32_t, 0, x + y)
XCP_FOLD(reduce_prod_int32, uint32_t, 1, x * y)
XCP_FOLD(reduce_all, uint8_t, 1, x && y)
XCP_FOLD(reduce_any, uint8_t, 0, x || y)
#undef XCP_FOLD

/// Args: x, y, outer, length, inner, factor (1 for a sum, 1/length for a mean).
static void reduce_sum(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  Shape s(a);
  float factor = (float)a.number();
  fold(x, y, s, 0.0f, [](auto p, auto q) { return decltype(p)(p + q); });
  if (factor == 1) return;
  for_lanes(0, s.outer * s.inner, [&](auto lane, Index i) {
    using V = decltype(lane);
    store<V>(y + i, load<V>(y + i) * factor);
  });
}

/// y[o, c]: the first l whose x[o, l, c] no other beats. Args: x, y (int32), outer, length, inner.
template <class T, class F>
static void arg_fold(const double *raw, F beats) {
  Args a(raw);
  const T *x = next_pointer<const T>(a);
  int32_t *y = next_pointer<int32_t>(a);
  Shape s(a);
  parallel_ranges(s.outer, max_index(1, kGrain / max_index(1, s.length * s.inner)), [&](Index o0, Index o1) {
    T *best = (T *)xcp_scratch(kRowBuffer, sizeof(T) * s.inner);
    if (!best) return;
    for (Index o = o0; o < o1; o++) {
      const T *row = x + o * s.length * s.inner;
      int32_t *index = y + o * s.inner;
      for (Index c = 0; c < s.inner; c++) best[c] = row[c], index[c] = 0;
      for (Index l = 1; l < s.length; l++) {
        row += s.inner;
        for (Index c = 0; c < s.inner; c++) {
          bool better = beats(row[c], best[c]);
          best[c] = better ? row[c] : best[c], index[c] = better ? (int32_t)l : index[c];
        }
      }
    }
  });
}
static void arg_max(const double *raw) {
  arg_fold<float>(raw, [](float x, float best) { return x > best; });
}
static void arg_min(const double *raw) {
  arg_fold<float>(raw, [](float x, float best) { return x < best; });
}
static void arg_max_int32(const double *raw) {
  arg_fold<int32_t>(raw, [](int32_t x, int32_t best) { return x > best; });
}
static void arg_min_int32(const double *raw) {
  arg_fold<int32_t>(raw, [](int32_t x, int32_t best) { return x < best; });
}

/// y[o, l, c] = f over x[o, 0 … l, c]. Args: x, y, outer, length, inner, exclusive, reverse.
template <class T, class F>
static void scan(const double *raw, T identity, F f) {
  Args a(raw);
  const T *x = next_pointer<const T>(a);
  T *y = next_pointer<T>(a);
  Shape s(a);
  bool exclusive = a.next(), reverse = a.next();
  parallel_ranges(s.outer, max_index(1, kGrain / max_index(1, s.length * s.inner)), [&](Index o0, Index o1) {
    for (Index o = o0; o < o1; o++) {
      Index first = (o * s.length + (reverse ? s.length - 1 : 0)) * s.inner, step = reverse ? -s.inner : s.inner;
      for (Index l = 0; l < s.length; l++) {
        const T *in = x + first + l * step;
        T *out = y + first + l * step;
        for (Index c = 0; c < s.inner; c++) {
          T before = l > 0 ? out[c - step] : identity;
          if (exclusive) out[c] = l > 0 ? f(before, in[c - step]) : identity;
          else out[c] = f(before, in[c]);
        }
      }
    }
  });
}
static void cumsum(const double *raw) {
  scan<float>(raw, 0, [](float x, float y) { return x + y; });
}
static void cumprod(const double *raw) {
  scan<float>(raw, 1, [](float x, float y) { return x * y; });
}
static void cumsum_int32(const double *raw) {
  scan<uint32_t>(raw, 0, [](uint32_t x, uint32_t y) { return x + y; });
}
static void cumprod_int32(const double *raw) {
  scan<uint32_t>(raw, 1, [](uint32_t x, uint32_t y) { return x * y; });
}

}  // namespace reduce
}  // namespace XCP_NAMESPACE
