// Depthwise 2-D convolution, NHWC, and its gradients. Vectors run over channels; the 3×3, stride-1 case slides along
// a row and keeps the filter and three pending outputs in registers.
#include "args.h"
#include "gemm.h"

namespace XCP_NAMESPACE {

struct DepthwiseGeometry {
  Index batch, height, width, channels, multiplier, out_height, out_width;
  Index kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, pad_top, pad_left;

  explicit DepthwiseGeometry(Args &a)
      : batch(a.next()), height(a.next()), width(a.next()), channels(a.next()), multiplier(a.next()),
        out_height(a.next()), out_width(a.next()), kernel_height(a.next()), kernel_width(a.next()),
        stride_y(a.next()), stride_x(a.next()), dilation_y(a.next()), dilation_x(a.next()), pad_top(a.next()),
        pad_left(a.next()) {}
  bool slides() const {
    return multiplier == 1 && kernel_height == 3 && kernel_width == 3 && stride_y == 1 && stride_x == 1 &&
           dilation_y == 1 && dilation_x == 1;
  }
  Index out_channels() const { return channels * multiplier; }
};

/// Rows of a map that one task takes, so that what it reads stays in cache.
static inline Index rows_per_task(Index height, Index width, Index channels) {
  Index rows = (32 << 10) / (width * channels);
  return rows < 4 ? min_index(4, height) : min_index(rows, height);
}

/// A row of zeros as long as `floats`, for taps above and below the map; null where scratch is refused.
static const float *zero_row(Index floats) {
  float *zeros = (float *)xcp_scratch(kZeros, sizeof(float) * floats);
  if (zeros) __builtin_memset(zeros, 0, sizeof(float) * floats);
  return zeros;
}

/// ReLU as the elementwise kernel has it: NaN stays.
template <bool Rectify, class V>
static inline V rectified(V x) {
  if (Rectify) return x < 0 ? V{} : x;
  return x;
}

/// y = x ⊛ filter for 3×3, stride 1; `flip` turns the filter by 180°, which gives the input gradient.
template <bool Rectify>
static void depthwise_3x3(const float *x, const float *filter, float *y, Index batch, Index height, Index width,
                          Index channels, Index out_height, Index out_width, Index pad_top, Index pad_left, bool flip) {
  Index rows = rows_per_task(out_height, max_index(width, out_width), channels);
  Index row_tasks = ceil_div(out_height, rows);
  parallel_for(batch * row_tasks, [&](Index task) {
    Index n = task / row_tasks, y0 = task % row_tasks * rows, y1 = min_index(y0 + rows, out_height);
    const float *zeros = zero_row(width * channels);
    if (!zeros) return;
    const float *image = x + n * height * width * channels;
    for_lanes(0, channels, [&](auto lane, Index c) {
      using V = decltype(lane);
      V f[9];
#pragma GCC unroll 9
      for (int t = 0; t < 9; t++) f[t] = load<V>(filter + (flip ? 8 - t : t) * channels + c);
      for (Index oy = y0; oy < y1; oy++) {
        const float *in[3];
        for (int r = 0; r < 3; r++) {
          Index iy = oy - pad_top + r;
          in[r] = (iy >= 0 && iy < height ? image + iy * width * channels : zeros) + c;
        }
        float *out = y + ((n * out_height + oy) * out_width) * channels + c;
        V next{}, after{};  // outputs j + pad_left and j + pad_left - 1, still waiting for columns to their right
        Index last = out_width - pad_left + 1;
        for (Index j = -pad_left; j <= last; j++) {
          V a{}, b{}, d{};
          if (j >= 0 && j < width) {
            a = rectified<Rectify>(load<V>(in[0] + j * channels));
            b = rectified<Rectify>(load<V>(in[1] + j * channels));
            d = rectified<Rectify>(load<V>(in[2] + j * channels));
          }
          V done = after + a * f[2] + b * f[5] + d * f[8];
          after = next + a * f[1] + b * f[4] + d * f[7];
          next = a * f[0] + b * f[3] + d * f[6];
          Index ox = j + pad_left - 2;
          if (ox >= 0) store<V>(out + ox * channels, done);
        }
      }
    });
  });
}

template <bool Rectify>
static void depthwise_forward(const float *x, const float *filter, float *y, const DepthwiseGeometry &g) {
  if (g.slides()) {
    return depthwise_3x3<Rectify>(x, filter, y, g.batch, g.height, g.width, g.channels, g.out_height, g.out_width,
                                  g.pad_top, g.pad_left, false);
  }
  Index outs = g.out_channels();
  parallel_for(g.batch * g.out_height, [&](Index row) {
    Index n = row / g.out_height, oy = row % g.out_height;
    for (Index ox = 0; ox < g.out_width; ox++) {
      float *out = y + (row * g.out_width + ox) * outs;
      __builtin_memset(out, 0, sizeof(float) * outs);
      for (Index t = 0; t < g.kernel_height * g.kernel_width; t++) {
        Index iy = oy * g.stride_y - g.pad_top + t / g.kernel_width * g.dilation_y;
        Index ix = ox * g.stride_x - g.pad_left + t % g.kernel_width * g.dilation_x;
        if (iy < 0 || iy >= g.height || ix < 0 || ix >= g.width) continue;
        const float *in = x + ((n * g.height + iy) * g.width + ix) * g.channels, *f = filter + t * outs;
        if (g.multiplier == 1) {
          for_lanes(0, outs, [&](auto lane, Index c) {
            using V = decltype(lane);
            store<V>(out + c, load<V>(out + c) + rectified<Rectify>(load<V>(in + c)) * load<V>(f + c));
          });
        } else {
          for (Index c = 0; c < outs; c++) out[c] += rectified<Rectify>(in[c / g.multiplier]) * f[c];
        }
      }
    }
  });
}

/// Args: x, filter, y, geometry, rectify (1: of x what is below 0 is read as 0).
static void depthwise(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *filter = a.pointer();
  float *y = a.pointer();
  DepthwiseGeometry g(a);
  bool rectify = a.next();
  (rectify ? depthwise_forward<true> : depthwise_forward<false>)(x, filter, y, g);
}

/// Args: dy, filter, dx, geometry.
static void depthwise_input_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer(), *filter = a.pointer();
  float *dx = a.pointer();
  DepthwiseGeometry g(a);
  if (g.slides()) {
    return depthwise_3x3<false>(dy, filter, dx, g.batch, g.out_height, g.out_width, g.channels, g.height, g.width,
                                2 - g.pad_top, 2 - g.pad_left, true);
  }
  Index outs = g.out_channels();
  parallel_for(g.batch * g.height, [&](Index row) {
    Index n = row / g.height, iy = row % g.height;
    __builtin_memset(dx + row * g.width * g.channels, 0, sizeof(float) * g.width * g.channels);
    for (Index ix = 0; ix < g.width; ix++) {
      float *out = dx + (row * g.width + ix) * g.channels;
      for (Index t = 0; t < g.kernel_height * g.kernel_width; t++) {
        Index ty = iy + g.pad_top - t / g.kernel_width * g.dilation_y;
        Index tx = ix + g.pad_left - t % g.kernel_width * g.dilation_x;
        if (ty < 0 || tx < 0 || ty % g.stride_y || tx % g.stride_x) continue;
        Index oy = ty / g.stride_y, ox = tx / g.stride_x;
        if (oy >= g.out_height || ox >= g.out_width) continue;
        const float *in = dy + ((n * g.out_height + oy) * g.out_width + ox) * outs, *f = filter + t * outs;
        if (g.multiplier == 1) {
          for_lanes(0, outs, [&](auto lane, Index c) {
            using V = decltype(lane);
            store<V>(out + c, load<V>(out + c) + load<V>(in + c) * load<V>(f + c));
          });
        } else {
          for (Index c = 0; c < outs; c++) out[c / g.multiplier] += in[c] * f[c];
        }
      }
    }
  });
}

/// Adds to channels [c0, c1) of `df` what rows [r0, r1) of the batch's output gradients give, for 3×3, stride 1.
static void filter_gradient_3x3(const float *x, const float *dy, float *df, const DepthwiseGeometry &g, Index r0,
                                Index r1, Index c0, Index c1, const float *zeros) {
  for_lanes(c0, c1, [&](auto lane, Index c) {
    using V = decltype(lane);
    V acc[9];
#pragma GCC unroll 9
    for (int t = 0; t < 9; t++) acc[t] = load<V>(df + t * g.channels + c);
    for (Index row = r0; row < r1; row++) {
      Index n = row / g.out_height, oy = row % g.out_height;
      const float *in[3];
      for (int r = 0; r < 3; r++) {
        Index iy = oy - g.pad_top + r;
        in[r] = (iy >= 0 && iy < g.height ? x + (n * g.height + iy) * g.width * g.channels : zeros) + c;
      }
      const float *d = dy + row * g.out_width * g.channels + c;
      V left[3] = {}, middle[3] = {}, right[3] = {};
      for (Index j = -g.pad_left; j <= g.out_width - g.pad_left + 1; j++) {
        bool inside = j >= 0 && j < g.width;
#pragma GCC unroll 3
        for (int r = 0; r < 3; r++) {
          left[r] = middle[r], middle[r] = right[r];
          right[r] = inside ? load<V>(in[r] + j * g.channels) : V{};
        }
        // The vector of channels that comes after this one: memory is not read in order.
        if (inside) __builtin_prefetch(in[2] + j * g.channels + kLanes);
        Index ox = j + g.pad_left - 2;
        if (ox < 0) continue;
        V gradient = load<V>(d + ox * g.channels);
        __builtin_prefetch(d + ox * g.channels + kLanes);
#pragma GCC unroll 3
        for (int r = 0; r < 3; r++) {
          acc[3 * r] += left[r] * gradient;
          acc[3 * r + 1] += middle[r] * gradient;
          acc[3 * r + 2] += right[r] * gradient;
        }
      }
    }
#pragma GCC unroll 9
    for (int t = 0; t < 9; t++) store<V>(df + t * g.channels + c, acc[t]);
  });
}

static void filter_gradient_any(const float *x, const float *dy, float *df, const DepthwiseGeometry &g, Index r0,
                                Index r1, Index c0, Index c1) {
  Index outs = g.out_channels();
  for (Index row = r0; row < r1; row++) {
    Index n = row / g.out_height, oy = row % g.out_height;
    for (Index ox = 0; ox < g.out_width; ox++) {
      const float *d = dy + (row * g.out_width + ox) * outs;
      for (Index t = 0; t < g.kernel_height * g.kernel_width; t++) {
        Index iy = oy * g.stride_y - g.pad_top + t / g.kernel_width * g.dilation_y;
        Index ix = ox * g.stride_x - g.pad_left + t % g.kernel_width * g.dilation_x;
        if (iy < 0 || iy >= g.height || ix < 0 || ix >= g.width) continue;
        const float *in = x + ((n * g.height + iy) * g.width + ix) * g.channels;
        for (Index c = c0; c < c1; c++) df[t * outs + c] += in[c / g.multiplier] * d[c];
      }
    }
  }
}

/// Args: x, dy, dfilter, geometry. A task takes a group of rows and, where those are few, a block of channels; the
/// groups are added in order.
static void depthwise_filter_gradient(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *dy = a.pointer();
  float *df = a.pointer();
  DepthwiseGeometry g(a);
  Index outs = g.out_channels(), size = g.kernel_height * g.kernel_width * outs, rows = g.batch * g.out_height;
  // As many groups as leave their partial sums smaller than what is summed.
  Index groups = max_index(1, min_index(min_index(rows, 16), rows * g.out_width * outs / (2 * size)));
  Index vectors = ceil_div(outs, kLanes), blocks = min_index(ceil_div(16, groups), ceil_div(outs, 128));
  Index step = max_index(4, (32 << 10) / (max_index(g.width, g.out_width) * outs));
  float *partials = groups > 1 ? (float *)xcp_scratch(kPartials, sizeof(float) * groups * size) : df;
  if (!partials) return;
  parallel_for(groups * blocks, [&](Index task) {
    Index group = task / blocks, block = task % blocks;
    Index c0 = piece_start(vectors, block, blocks) * kLanes;
    Index c1 = min_index(piece_start(vectors, block + 1, blocks) * kLanes, outs);
    const float *zeros = zero_row(g.width * g.channels);
    if (!zeros) return;
    float *part = partials + group * size;
    for (Index t = 0; t < size; t += outs) __builtin_memset(part + t + c0, 0, sizeof(float) * (c1 - c0));
    Index end = piece_start(rows, group + 1, groups);
    for (Index r0 = piece_start(rows, group, groups); r0 < end; r0 += step) {
      Index r1 = min_index(r0 + step, end);
      if (g.slides()) {
        filter_gradient_3x3(x, dy, part, g, r0, r1, c0, c1, zeros);
      } else {
        filter_gradient_any(x, dy, part, g, r0, r1, c0, c1);
      }
    }
  });
  if (groups > 1) sum_partials(partials, groups, size, df);
}

}  // namespace XCP_NAMESPACE
