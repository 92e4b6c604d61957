// Dense 2-D convolution, NHWC, and its two gradients: all three are matrix products over patches of the image.
#include "args.h"
#include "gemm.h"

namespace XCP_NAMESPACE {

struct ConvGeometry {
  Index batch, height, width, in_channels, out_height, out_width, out_channels;
  Index kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, pad_top, pad_left;

  explicit ConvGeometry(Args a)
      : batch(a.next()), height(a.next()), width(a.next()), in_channels(a.next()), out_height(a.next()),
        out_width(a.next()), out_channels(a.next()), kernel_height(a.next()), kernel_width(a.next()),
        stride_y(a.next()), stride_x(a.next()), dilation_y(a.next()), dilation_x(a.next()), pad_top(a.next()),
        pad_left(a.next()) {}
  Index in_pixels() const { return batch * height * width; }
  Index out_pixels() const { return batch * out_height * out_width; }
  Index taps() const { return kernel_height * kernel_width; }
  bool pointwise() const {
    return taps() == 1 && stride_y == 1 && stride_x == 1 && pad_top == 0 && pad_left == 0 && height == out_height &&
           width == out_width;
  }
};

/// A place in a map, walked row by row through a batch.
struct Pixel {
  Index n, y, x;
  Pixel(Index index, Index height, Index width) : n(index / (width * height)), y(index / width % height), x(index % width) {}
  /// By `steps` within the row, or just past it.
  void advance(Index height, Index width, Index steps = 1) {
    if ((x += steps) < width) return;
    x = 0;
    if (++y < height) return;
    y = 0, n++;
  }
};

/// Writes values [k0, k0 + count) of the patch under output pixel `p`, ordered (tap row, tap column, channel).
static inline void copy_patch(const float *x, const ConvGeometry &g, Pixel p, Index k0, Index count, float *out) {
  Index row_size = g.kernel_width * g.in_channels, ix = p.x * g.stride_x - g.pad_left;
  for (Index k = k0; k < k0 + count;) {
    Index begin = k % row_size, run = min_index(row_size - begin, k0 + count - k);
    Index iy = p.y * g.stride_y - g.pad_top + k / row_size * g.dilation_y;
    const float *row = x + (p.n * g.height + iy) * g.width * g.in_channels;
    if (iy < 0 || iy >= g.height) {
      for (Index j = 0; j < run; j++) out[j] = 0;
    } else if (g.dilation_x == 1) {
      // The taps of a row lie side by side in memory: one run, with zeros where it leaves the map.
      Index low = max_index(0, -ix) * g.in_channels, high = (g.width - ix) * g.in_channels;
      const float *base = row + ix * g.in_channels + begin;
      if (begin >= low && begin + run <= high) {
        for (Index j = 0; j < run; j++) out[j] = base[j];
      } else {
        for (Index j = 0; j < run; j++) out[j] = begin + j >= low && begin + j < high ? base[j] : 0;
      }
    } else {
      for (Index j = 0; j < run; j++) {
        Index at = ix + (begin + j) / g.in_channels * g.dilation_x;
        out[j] = at >= 0 && at < g.width ? row[at * g.in_channels + (begin + j) % g.in_channels] : 0;
      }
    }
    k += run, out += run;
  }
}

/// im2col with pixels as rows of A: panel[k * width + i] = patch value k of pixel i0 + i.
struct PackPatchRows {
  const float *x;
  ConvGeometry g;
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    float rows[kRows * kDepth];
    Pixel pixel(i0, g.out_height, g.out_width);
    for (int i = 0; i < count; i++, pixel.advance(g.out_height, g.out_width)) {
      copy_patch(x, g, pixel, k0, depth, rows + i * depth);
    }
    PackAcross{rows, depth}(panel, 0, count, width, 0, depth);
  }
};

/// Copies some few floats, at most kRows of them.
static inline void copy_short(const float *from, int count, float *to) {
  int i = 0;
  for (; i + 4 <= count; i += 4) store<v4>(to + i, load<v4>(from + i));
  for (; i < count; i++) to[i] = from[i];
}

/// im2col transposed, pixels as k: panel[k * width + i] = patch value i0 + i of pixel k0 + k.
struct PackPatchColumns {
  const float *x;
  ConvGeometry g;
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    Pixel pixel(k0, g.out_height, g.out_width);
    Index row_size = g.kernel_width * g.in_channels, begin = i0 % row_size, step = g.stride_x * g.in_channels;
    bool one_run = g.dilation_x == 1 && begin + count <= row_size;
    for (int k = 0; k < depth;) {
      Index iy = pixel.y * g.stride_y - g.pad_top + i0 / row_size * g.dilation_y;
      Index ix = pixel.x * g.stride_x - g.pad_left;
      // Where in a row of the map the run begins: pixels follow each other there until the run leaves the row.
      Index at = ix * g.in_channels + begin, room = g.width * g.in_channels - count - at;
      if (one_run && iy >= 0 && iy < g.height && at >= 0 && room >= 0) {
        int pixels = (int)min_index(min_index(g.out_width - pixel.x, depth - k), room / step + 1);
        const float *from = x + (pixel.n * g.height + iy) * g.width * g.in_channels + at;
        for (int j = 0; j < pixels; j++, from += step) copy_short(from, count, panel + (Index)(k + j) * width);
        k += pixels;
        pixel.advance(g.out_height, g.out_width, pixels);
      } else {
        copy_patch(x, g, pixel, i0, count, panel + (Index)k * width);
        k++;
        pixel.advance(g.out_height, g.out_width);
      }
    }
  }
};

/// Args: x, filter, bias (0: none), y, activation, geometry. `columns` makes of the filter what `gemm` takes for B.
template <class Columns>
static void convolve(const double *raw, Columns columns) {
  Args a(raw);
  const float *x = a.pointer(), *filter = a.pointer(), *bias = a.pointer();
  float *y = a.pointer();
  Epilogue epilogue{bias, (int)a.next()};
  ConvGeometry g(a);
  Index k = g.taps() * g.in_channels;
  auto b = columns(filter, k, g.out_channels);
  if (g.pointwise()) {
    gemm(g.out_pixels(), g.out_channels, k, PackAcross{x, g.in_channels}, b, y, g.out_channels, epilogue);
  } else {
    gemm(g.out_pixels(), g.out_channels, k, PackPatchRows{x, g}, b, y, g.out_channels, epilogue);
  }
}

static void conv2d(const double *raw) {
  convolve(raw, [](const float *filter, Index, Index n) { return PackAlong{filter, n}; });
}

/// A filter that stays as it is need be packed only once. Args: as for conv2d, with what `pack_filter` wrote.
static void conv2d_packed(const double *raw) {
  convolve(raw, [](const float *packed, Index k, Index) { return PackedPanels{packed, k}; });
}

/// Packs a filter's columns, each multiplied by its scale where there is one. Beyond the filter are zeros.
struct PackScaled {
  const float *filter, *scale;
  Index n;
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    const float *row = filter + k0 * n + i0;
    for (int k = 0; k < depth; k++, row += n, panel += width) {
      for_lanes(0, count, [&](auto lane, Index i) {
        using V = decltype(lane);
        store<V>(panel + i, scale ? load<V>(row + i) * load<V>(scale + i0 + i) : load<V>(row + i));
      });
    }
  }
};

/// Args: filter, scale (0: none; one for each output channel), packed, k, n. `packed` has room for any instruction
/// set's panels: ⌈n / 32⌉ · 32 · k floats.
static void pack_filter(const double *raw) {
  Args a(raw);
  const float *filter = a.pointer(), *scale = a.pointer();
  float *packed = a.pointer();
  Index k = a.next(), n = a.next();
  pack_panels(PackScaled{filter, scale, n}, packed, n, k);
}

/// Args: x, dy, dfilter, geometry.
static void conv2d_filter_gradient(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *dy = a.pointer();
  float *df = a.pointer();
  ConvGeometry g(a);
  Index m = g.taps() * g.in_channels;
  PackAlong pack_b{dy, g.out_channels};
  if (g.pointwise()) {
    gemm_long_k(m, g.out_channels, g.out_pixels(), PackAlong{x, g.in_channels}, pack_b, df);
  } else {
    gemm_long_k(m, g.out_channels, g.out_pixels(), PackPatchColumns{x, g}, pack_b, df);
  }
}

/// One residue class of input pixels modulo the stride: exactly the taps in `taps` reach it, so that no
/// multiplication by zero is done for strided convolutions.
struct InputPhase {
  Index y0, x0, rows, columns, tap_count;
  int taps[1024];
  InputPhase(const ConvGeometry &g, Index py, Index px)
      : y0(py), x0(px), rows(ceil_div(g.height - py, g.stride_y)), columns(ceil_div(g.width - px, g.stride_x)),
        tap_count(0) {
    for (Index t = 0; t < g.taps(); t++) {
      Index ky = t / g.kernel_width * g.dilation_y, kx = t % g.kernel_width * g.dilation_x;
      if ((py + g.pad_top - ky) % g.stride_y == 0 && (px + g.pad_left - kx) % g.stride_x == 0) {
        taps[tap_count++] = (int)t;
      }
    }
  }
};

/// Calls `f(tap, channel, k, count)` for each run of one tap's channels within [k0, k0 + depth).
template <class F>
static inline void for_tap_runs(Index channels, Index k0, Index depth, F f) {
  for (Index k = k0; k < k0 + depth;) {
    Index tap = k / channels, channel = k % channels, count = min_index(channels - channel, k0 + depth - k);
    f(tap, channel, k - k0, count);
    k += count;
  }
}

/// Packs runs that begin anywhere: panel[k * width + i] = rows[i][k].
static inline void pack_runs(const float *const *rows, int count, int depth, float *panel, int width) {
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    const float *r0 = rows[i], *r1 = rows[i + 1], *r2 = rows[i + 2], *r3 = rows[i + 3];
    int k = 0;
    for (; k + 4 <= depth; k += 4) transpose_4x4(r0 + k, r1 + k, r2 + k, r3 + k, panel + k * width + i, width);
    for (; k < depth; k++) {
      for (int r = 0; r < 4; r++) panel[k * width + i + r] = rows[i + r][k];
    }
  }
  for (; i < count; i++) {
    for (int k = 0; k < depth; k++) panel[k * width + i] = rows[i][k];
  }
}

/// The output gradients that reach each input pixel of a phase, as rows of A.
struct PackOutputGradient {
  const float *dy;
  const ConvGeometry &g;
  const InputPhase &phase;
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    static const float zeros[kDepth] = {};
    for_tap_runs(g.out_channels, k0, depth, [&](Index t, Index channel, Index k, Index run) {
      // Multiples of the stride, since the taps are those of the phase.
      Index y = phase.y0 + g.pad_top - phase.taps[t] / g.kernel_width * g.dilation_y;
      Index x = phase.x0 + g.pad_left - phase.taps[t] % g.kernel_width * g.dilation_x;
      Index oy = y / g.stride_y, ox = x / g.stride_x;
      const float *rows[kRows];
      Pixel p(i0, phase.rows, phase.columns);
      for (int i = 0; i < count; i++, p.advance(phase.rows, phase.columns)) {
        Index at_y = p.y + oy, at_x = p.x + ox;
        bool inside = at_y >= 0 && at_x >= 0 && at_y < g.out_height && at_x < g.out_width;
        rows[i] = inside ? dy + ((p.n * g.out_height + at_y) * g.out_width + at_x) * g.out_channels + channel : zeros;
      }
      pack_runs(rows, count, (int)run, panel + k * width, width);
    });
  }
};

struct PackTransposedFilter {
  const float *filter;
  const ConvGeometry &g;
  const InputPhase &phase;
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    for_tap_runs(g.out_channels, k0, depth, [&](Index t, Index channel, Index k, Index run) {
      PackAcross{filter + phase.taps[t] * g.in_channels * g.out_channels, g.out_channels}(panel + k * width, i0, count,
                                                                                         width, channel, (int)run);
    });
  }
};

/// Args: dy, filter, dx, geometry.
static void conv2d_input_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer(), *filter = a.pointer();
  float *dx = a.pointer();
  ConvGeometry g(a);
  Index channels = g.in_channels;
  if (g.pointwise()) {
    gemm(g.in_pixels(), channels, g.out_channels, PackAcross{dy, g.out_channels}, PackAcross{filter, g.out_channels},
         dx, channels);
    return;
  }
  for (Index py = 0; py < g.stride_y && py < g.height; py++) {
    for (Index px = 0; px < g.stride_x && px < g.width; px++) {
      InputPhase phase(g, py, px);
      Index pixels = g.batch * phase.rows * phase.columns;
      auto for_rows = [&](auto f) {
        parallel_for(g.batch * phase.rows, [&](Index row) {
          Index n = row / phase.rows, y = py + row % phase.rows * g.stride_y;
          for (Index i = 0; i < phase.columns; i++) {
            f(dx + ((n * g.height + y) * g.width + px + i * g.stride_x) * channels, row * phase.columns + i);
          }
        });
      };
      if (phase.tap_count == 0) {
        for_rows([&](float *to, Index) { __builtin_memset(to, 0, sizeof(float) * channels); });
        continue;
      }
      bool direct = g.stride_y == 1 && g.stride_x == 1;
      float *out = direct ? dx : (float *)xcp_scratch(kRowBuffer, sizeof(float) * pixels * channels);
      if (!out) return;
      gemm(pixels, channels, phase.tap_count * g.out_channels, PackOutputGradient{dy, g, phase},
           PackTransposedFilter{filter, g, phase}, out, channels);
      if (direct) return;
      for_rows([&](float *to, Index i) { __builtin_memcpy(to, out + i * channels, sizeof(float) * channels); });
    }
  }
}

/// Args: a, b, bias (0: none), c, activation, batch, m, n, k, transposeA, transposeB, batch strides of a and b.
static void matmul(const double *raw) {
  Args args(raw);
  const float *a = args.pointer(), *b = args.pointer(), *bias = args.pointer();
  float *c = args.pointer();
  Epilogue epilogue{bias, (int)args.next()};
  Index batch = args.next(), m = args.next(), n = args.next(), k = args.next();
  bool transpose_a = args.next(), transpose_b = args.next();
  Index stride_a = args.next(), stride_b = args.next();
  for (Index i = 0; i < batch; i++, a += stride_a, b += stride_b, c += m * n) {
    if (!transpose_a && !transpose_b) gemm(m, n, k, PackAcross{a, k}, PackAlong{b, n}, c, n, epilogue);
    if (!transpose_a && transpose_b) gemm(m, n, k, PackAcross{a, k}, PackAcross{b, k}, c, n, epilogue);
    if (transpose_a && !transpose_b) gemm(m, n, k, PackAlong{a, m}, PackAlong{b, n}, c, n, epilogue);
    if (transpose_a && transpose_b) gemm(m, n, k, PackAlong{a, m}, PackAcross{b, k}, c, n, epilogue);
  }
}

}  // namespace XCP_NAMESPACE
