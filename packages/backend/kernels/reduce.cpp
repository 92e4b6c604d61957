// Reductions over the middle axis of [outer, length, inner], and row-wise softmax. Sums are taken in fixed pieces, so
// that their result does not depend on the number of threads.
#include <math.h>

#include "args.h"
#include "gemm.h"

namespace XCP_NAMESPACE {

/// Sum of a contiguous run: vector lanes first, then across.
static inline float sum_run(const float *x, long count) {
  vec acc[4] = {};
  long i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    for (int j = 0; j < 4; j++) acc[j] += load<vec>(x + i + j * kLanes);
  }
  float total = sum(vec((acc[0] + acc[1]) + (acc[2] + acc[3])));
  for (; i < count; i++) total += x[i];
  return total;
}

/// Args: x, y, outer, length, inner, factor (1 for a sum, 1/length for a mean).
static void reduce_sum(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  long outer = a.next(), length = a.next(), inner = a.next();
  float factor = (float)a.number();
  if (inner == 1) {
    long pieces = outer >= 16 ? 1 : max_long(1, min_long(64, length / (16 << 10)));
    float *partials = (float *)xcp_scratch(kPartials, sizeof(float) * outer * pieces);
    if (!partials) return;
    parallel_ranges(outer * pieces, max_long(1, (16 << 10) * pieces / max_long(1, length)), [&](long i0, long i1) {
      for (long i = i0; i < i1; i++) {
        long piece = i % pieces, begin = piece_start(length, piece, pieces), end = piece_start(length, piece + 1, pieces);
        partials[i] = sum_run(x + i / pieces * length + begin, end - begin);
      }
    });
    for (long o = 0; o < outer; o++) {
      double total = 0;
      for (long p = 0; p < pieces; p++) total += partials[o * pieces + p];
      y[o] = (float)total * factor;
    }
    return;
  }
  long pieces = outer >= 16 ? 1 : max_long(1, min_long(64, length * inner / (16 << 10)));
  float *partials = (float *)xcp_scratch(kPartials, sizeof(float) * outer * pieces * inner);
  if (!partials) return;
  parallel_for(outer * pieces, [&](long i) {
    long o = i / pieces, piece = i % pieces;
    float *part = partials + i * inner;
    __builtin_memset(part, 0, sizeof(float) * inner);
    for (long l = piece_start(length, piece, pieces); l < piece_start(length, piece + 1, pieces); l++) {
      const float *row = x + (o * length + l) * inner;
      for_lanes(0, inner, [&](auto lane, long c) {
        using V = decltype(lane);
        store<V>(part + c, load<V>(part + c) + load<V>(row + c));
      });
    }
  });
  for (long o = 0; o < outer; o++) {
    for_lanes(0, inner, [&](auto lane, long c) {
      using V = decltype(lane);
      V total = load<V>(partials + o * pieces * inner + c);
      for (long p = 1; p < pieces; p++) total += load<V>(partials + (o * pieces + p) * inner + c);
      store<V>(y + o * inner + c, total * factor);
    });
  }
}

/// Args: x, y, outer, length, inner. A NaN anywhere gives NaN.
static void reduce_max(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  long outer = a.next(), length = a.next(), inner = a.next();
  parallel_ranges(outer, max_long(1, (16 << 10) / max_long(1, length * inner)), [&](long o0, long o1) {
    for (long o = o0; o < o1; o++) {
      for (long c = 0; c < inner; c++) {
        float best = -__builtin_inff();
        for (long l = 0; l < length; l++) {
          float v = x[(o * length + l) * inner + c];
          if (v > best || v != v) best = v;
          if (v != v) break;
        }
        y[o * inner + c] = best;
      }
    }
  });
}

/// Args: x, y, rows, columns.
static void softmax(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  long rows = a.next(), columns = a.next();
  parallel_ranges(rows, max_long(1, (4 << 10) / max_long(1, columns)), [&](long r0, long r1) {
    for (long r = r0; r < r1; r++) {
      const float *in = x + r * columns;
      float *out = y + r * columns, best = in[0], total = 0;
      for (long c = 1; c < columns; c++) best = in[c] > best ? in[c] : best;
      for (long c = 0; c < columns; c++) total += out[c] = expf(in[c] - best);
      for (long c = 0; c < columns; c++) out[c] /= total;
    }
  });
}

}  // namespace XCP_NAMESPACE
