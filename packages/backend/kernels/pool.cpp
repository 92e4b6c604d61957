// Max and average pooling, NHWC, with their gradients. Padding never counts.
#include "args.h"
#include "gemm.h"

namespace XCP_NAMESPACE {

struct PoolGeometry {
  Index batch, height, width, channels, out_height, out_width;
  Index window_height, window_width, stride_y, stride_x, pad_top, pad_left;

  explicit PoolGeometry(Args a)
      : batch(a.next()), height(a.next()), width(a.next()), channels(a.next()), out_height(a.next()),
        out_width(a.next()), window_height(a.next()), window_width(a.next()), stride_y(a.next()), stride_x(a.next()),
        pad_top(a.next()), pad_left(a.next()) {}

  struct Window {
    Index y0, y1, x0, x1;
    float area() const { return (float)((y1 - y0) * (x1 - x0)); }
  };
  Window window(Index oy, Index ox) const {
    Index y = oy * stride_y - pad_top, x = ox * stride_x - pad_left;
    return {max_index(y, 0), min_index(y + window_height, height), max_index(x, 0), min_index(x + window_width, width)};
  }
  const float *pixel(const float *map, Index n, Index y, Index x) const {
    return map + ((n * height + y) * width + x) * channels;
  }
};

/// Args: x, y, average, geometry.
static void pool(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  bool average = a.next();
  PoolGeometry g(a);
  parallel_for(g.batch * g.out_height, [&](Index row) {
    Index n = row / g.out_height, oy = row % g.out_height;
    for (Index ox = 0; ox < g.out_width; ox++) {
      PoolGeometry::Window w = g.window(oy, ox);
      float *out = y + (row * g.out_width + ox) * g.channels;
      const float *first = g.pixel(x, n, w.y0, w.x0);
      for_lanes(0, g.channels, [&](auto lane, Index c) {
        using V = decltype(lane);
        V acc = average ? V{} : splat<V>(-__builtin_inff());
        const float *in = first + c;
        for (Index iy = w.y0; iy < w.y1; iy++, in += g.width * g.channels) {
          for (Index ix = 0; ix < w.x1 - w.x0; ix++) {
            V value = load<V>(in + ix * g.channels);
            acc = average ? acc + value : maximum(value, acc);
          }
        }
        store<V>(out + c, average ? acc / w.area() : acc);
      });
    }
  });
}

/// Args: dy, x, dx, geometry. The first maximum of a window gets its gradient, as in TensorFlow.js.
static void max_pool_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer(), *x = a.pointer();
  float *dx = a.pointer();
  PoolGeometry g(a);
  Index row_size = g.width * g.channels;
  Index bands = max_index(1, min_index(ceil_div(16, g.batch), g.height / (4 * g.stride_y)));
  parallel_for(g.batch * bands, [&](Index task) {
    // A window that reaches beyond the band is looked at whole, and again with the next band.
    Index n = task / bands, y0 = piece_start(g.height, task % bands, bands);
    Index y1 = piece_start(g.height, task % bands + 1, bands), zeroed = y0;
    auto zero_to = [&](Index y) {
      if (y <= zeroed) return;
      __builtin_memset(dx + (n * g.height + zeroed) * row_size, 0, sizeof(float) * (y - zeroed) * row_size);
      zeroed = y;
    };
    Index oy0 = ceil_div(max_index(0, y0 + g.pad_top - g.window_height + 1), g.stride_y);
    for (Index oy = oy0; oy < g.out_height && oy * g.stride_y - g.pad_top < y1; oy++) {
      zero_to(min_index(g.window(oy, 0).y1, y1));
      for (Index ox = 0; ox < g.out_width; ox++) {
        PoolGeometry::Window w = g.window(oy, ox);
        const float *first = g.pixel(x, n, w.y0, w.x0);
        float *out = dx + (first - x);
        const float *gradient = dy + ((n * g.out_height + oy) * g.out_width + ox) * g.channels;
        Index height = w.y1 - w.y0, width = w.x1 - w.x0;
        Index begin = max_index(y0 - w.y0, 0), end = min_index(y1 - w.y0, height);  // of its rows, those in the band
        for_lanes(0, g.channels, [&](auto lane, Index c) {
          using V = decltype(lane);
          V best = splat<V>(-__builtin_inff()), winner = splat<V>(-1), tap{};
          for (Index iy = 0; iy < height; iy++) {
            for (Index ix = 0; ix < width; ix++, tap += 1.0f) {
              V value = load<V>(first + iy * row_size + ix * g.channels + c);
              winner = value > best ? tap : winner;
              best = maximum(value, best);
            }
          }
          V d = load<V>(gradient + c);
          tap = splat<V>((float)(begin * width));
          for (Index iy = begin; iy < end; iy++) {
            for (Index ix = 0; ix < width; ix++, tap += 1.0f) {
              float *p = out + iy * row_size + ix * g.channels + c;
              store<V>(p, load<V>(p) + (winner == tap ? d : V{}));
            }
          }
        });
      }
    }
    zero_to(y1);
  });
}

/// Args: dy, dx, geometry.
static void avg_pool_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer();
  float *dx = a.pointer();
  PoolGeometry g(a);
  parallel_for(g.batch, [&](Index n) {
    __builtin_memset(dx + n * g.height * g.width * g.channels, 0, sizeof(float) * g.height * g.width * g.channels);
    for (Index o = 0; o < g.out_height * g.out_width; o++) {
      PoolGeometry::Window w = g.window(o / g.out_width, o % g.out_width);
      const float *gradient = dy + (n * g.out_height * g.out_width + o) * g.channels;
      for (Index iy = w.y0; iy < w.y1; iy++) {
        for (Index ix = w.x0; ix < w.x1; ix++) {
          float *p = dx + ((n * g.height + iy) * g.width + ix) * g.channels;
          for_lanes(0, g.channels, [&](auto lane, Index c) {
            using V = decltype(lane);
            store<V>(p + c, load<V>(p + c) + load<V>(gradient + c) / w.area());
          });
        }
      }
    }
  });
}

}  // namespace XCP_NAMESPACE
