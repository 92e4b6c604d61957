#pragma once
#include "check.h"

/// A random convolution or pooling that fits its map.
struct Geometry {
  int64_t batch, height, width, channels, out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, pad_top, pad_left;

  Geometry(Random &random, bool dilates) {
    bool plain = random.coin();  // 3 × 3 with stride 1, or 1 × 1, have code of their own
    int64_t size = random.coin() ? 3 : 1;
    batch = random.range(1, 3), channels = random.range(1, random.coin() ? 5 : 70);
    out_channels = random.range(1, random.coin() ? 5 : 70);
    auto axis = [&](int64_t &map, int64_t &out, int64_t &kernel, int64_t &stride, int64_t &dilation, int64_t &pad) {
      do {
        map = random.range(1, 13);
        kernel = plain ? size : random.range(1, 4);
        stride = plain ? 1 : random.range(1, 3);
        dilation = plain || !dilates ? 1 : random.range(1, 3);
        int64_t reach = (kernel - 1) * dilation + 1;
        pad = random.range(0, kernel - 1);
        int64_t room = map + pad + random.range(0, kernel - 1) - reach;
        out = room < 0 ? 0 : room / stride + 1;
      } while (out < 1);
    };
    axis(height, out_height, kernel_height, stride_y, dilation_y, pad_top);
    axis(width, out_width, kernel_width, stride_x, dilation_x, pad_left);
  }

  int64_t in_size() const { return batch * height * width * channels; }
  int64_t taps() const { return kernel_height * kernel_width; }

  /// Calls f(pixel of the output, tap, pixel of the input) for every tap that lies on the map.
  template <class F>
  void each_tap(F f) const {
    for (int64_t n = 0; n < batch; n++) {
      for (int64_t o = 0; o < out_height * out_width; o++) {
        for (int64_t t = 0; t < taps(); t++) {
          int64_t y = o / out_width * stride_y - pad_top + t / kernel_width * dilation_y;
          int64_t x = o % out_width * stride_x - pad_left + t % kernel_width * dilation_x;
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          f(n * out_height * out_width + o, t, (n * height + y) * width + x);
        }
      }
    }
  }
};
