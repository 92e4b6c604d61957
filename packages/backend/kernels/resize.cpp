// Images at another size, NHWC, bilinear and by the nearest pixel, with their gradients.
#include "elementwise.h"

namespace XCP_NAMESPACE {

/// Args from the cursor: batch, height, width, channels, new height, new width, then the scales from new to old rows
/// and columns, half-pixel centres, and (for the nearest pixel) whether corners are aligned.
struct ResizeGeometry {
  Index batch, height, width, channels, new_height, new_width;
  double scale_y, scale_x;
  bool half_pixel, align_corners;
  explicit ResizeGeometry(Args a)
      : batch(a.next()), height(a.next()), width(a.next()), channels(a.next()), new_height(a.next()),
        new_width(a.next()), scale_y(a.number()), scale_x(a.number()), half_pixel(a.next()),
        align_corners(a.next()) {}

  /// The two old rows or columns around a new one, and how far it lies towards the second.
  struct Between {
    Index low, high;
    float share;
  };
  Between between(Index i, double scale, Index size) const {
    double at = half_pixel ? ((double)i + 0.5) * scale - 0.5 : (double)i * scale;
    at = at < 0 ? 0 : at > (double)(size - 1) ? (double)(size - 1) : at;
    Index low = (Index)at;
    return {low, min_index(low + 1, size - 1), (float)(at - (double)low)};
  }
  Index nearest(Index i, double scale, Index size) const {
    double at = ((double)i + (half_pixel ? 0.5 : 0)) * scale + (align_corners ? 0.5 : 0);
    return max_index(0, min_index(size - 1, (Index)at));
  }
  Index groups() const { return ceil_div(channels, 64); }
};

/// Args: x, y, geometry.
static void resize_bilinear(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  ResizeGeometry g(a);
  parallel_for(g.batch * g.new_height, [&](Index row) {
    auto v = g.between(row % g.new_height, g.scale_y, g.height);
    const float *image = x + row / g.new_height * g.height * g.width * g.channels;
    const float *top = image + v.low * g.width * g.channels, *bottom = image + v.high * g.width * g.channels;
    for (Index i = 0; i < g.new_width; i++) {
      auto h = g.between(i, g.scale_x, g.width);
      Index left = h.low * g.channels, right = h.high * g.channels;
      float *out = y + (row * g.new_width + i) * g.channels;
      for_lanes(0, g.channels, [&](auto lane, Index c) {
        using V = decltype(lane);
        V a0 = load<V>(top + left + c), b0 = load<V>(bottom + left + c);
        V a1 = a0 + (load<V>(top + right + c) - a0) * h.share, b1 = b0 + (load<V>(bottom + right + c) - b0) * h.share;
        store<V>(out + c, a1 + (b1 - a1) * v.share);
      });
    }
  });
}

/// Args: dy, dx, geometry.
static void resize_bilinear_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer();
  float *dx = a.pointer();
  ResizeGeometry g(a);
  __builtin_memset(dx, 0, sizeof(float) * g.batch * g.height * g.width * g.channels);
  parallel_for(g.batch * g.groups(), [&](Index task) {
    Index n = task / g.groups(), c0 = task % g.groups() * 64, c1 = min_index(c0 + 64, g.channels);
    float *image = dx + n * g.height * g.width * g.channels;
    for (Index row = 0; row < g.new_height; row++) {
      auto v = g.between(row, g.scale_y, g.height);
      for (Index i = 0; i < g.new_width; i++) {
        auto h = g.between(i, g.scale_x, g.width);
        const float *d = dy + ((n * g.new_height + row) * g.new_width + i) * g.channels;
        auto add = [&](Index y, Index x, float weight) {
          float *to = image + (y * g.width + x) * g.channels;
          for_lanes(c0, c1, [&](auto lane, Index c) {
            using V = decltype(lane);
            store<V>(to + c, load<V>(to + c) + load<V>(d + c) * weight);
          });
        };
        add(v.low, h.low, (1 - v.share) * (1 - h.share));
        add(v.low, h.high, (1 - v.share) * h.share);
        add(v.high, h.low, v.share * (1 - h.share));
        add(v.high, h.high, v.share * h.share);
      }
    }
  });
}

/// Args: x, y, geometry; elements of 4 bytes, of any type.
static void resize_nearest(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  ResizeGeometry g(a);
  parallel_for(g.batch * g.new_height, [&](Index row) {
    Index from = g.nearest(row % g.new_height, g.scale_y, g.height);
    const float *source = x + (row / g.new_height * g.height + from) * g.width * g.channels;
    for (Index i = 0; i < g.new_width; i++) {
      __builtin_memcpy(y + (row * g.new_width + i) * g.channels,
                       source + g.nearest(i, g.scale_x, g.width) * g.channels, sizeof(float) * g.channels);
    }
  });
}

/// Args: dy, dx, geometry.
static void resize_nearest_gradient(const double *raw) {
  Args a(raw);
  const float *dy = a.pointer();
  float *dx = a.pointer();
  ResizeGeometry g(a);
  __builtin_memset(dx, 0, sizeof(float) * g.batch * g.height * g.width * g.channels);
  parallel_for(g.batch * g.groups(), [&](Index task) {
    Index n = task / g.groups(), c0 = task % g.groups() * 64, c1 = min_index(c0 + 64, g.channels);
    for (Index row = 0; row < g.new_height; row++) {
      Index y = g.nearest(row, g.scale_y, g.height);
      for (Index i = 0; i < g.new_width; i++) {
        float *to = dx + ((n * g.height + y) * g.width + g.nearest(i, g.scale_x, g.width)) * g.channels;
        const float *d = dy + ((n * g.new_height + row) * g.new_width + i) * g.channels;
        for_lanes(c0, c1, [&](auto lane, Index c) {
          using V = decltype(lane);
          store<V>(to + c, load<V>(to + c) + load<V>(d + c));
        });
      }
    }
  });
}

}  // namespace XCP_NAMESPACE
