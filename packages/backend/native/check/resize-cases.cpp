#include <algorithm>
#include <cmath>

#include "check.h"

namespace {

struct Resize {
  int64_t batch, height, width, channels, new_height, new_width;
  bool half_pixel;
  double scale_y, scale_x;

  explicit Resize(Random &random)
      : batch(random.range(1, 3)), height(random.range(1, 9)), width(random.range(1, 9)),
        channels(random.range(1, 70)), new_height(random.range(1, 15)), new_width(random.range(1, 15)),
        half_pixel(random.coin()), scale_y((double)height / (double)new_height),
        scale_x((double)width / (double)new_width) {}
  int64_t old_size() const { return batch * height * width * channels; }
  int64_t new_size() const { return batch * new_height * new_width * channels; }
  void add_to(Call &call) const {
    call.add({batch, height, width, channels, new_height, new_width});
    call.args.insert(call.args.end(), {scale_y, scale_x, (double)half_pixel, 0});
  }
  int64_t nearest(int64_t i, double scale, int64_t size) const {
    return std::min(size - 1, (int64_t)(((double)i + (half_pixel ? 0.5 : 0)) * scale));
  }
  /// Calls f(index in the new image, in the old one, weight) for all that belongs together.
  template <class F>
  void each(bool bilinear, F f) const {
    for (int64_t i = 0; i < new_size(); i++) {
      int64_t c = i % channels, x = i / channels % new_width, y = i / channels / new_width % new_height;
      int64_t n = i / channels / new_width / new_height;
      auto old = [&](int64_t oy, int64_t ox) { return ((n * height + oy) * width + ox) * channels + c; };
      if (!bilinear) {
        f(i, old(nearest(y, scale_y, height), nearest(x, scale_x, width)), 1.0);
        continue;
      }
      auto place = [&](int64_t at, double scale, int64_t size) {
        double p = half_pixel ? ((double)at + 0.5) * scale - 0.5 : (double)at * scale;
        return std::min(std::max(p, 0.0), (double)(size - 1));
      };
      double py = place(y, scale_y, height), px = place(x, scale_x, width);
      for (int64_t oy = 0; oy < height; oy++) {
        for (int64_t ox = 0; ox < width; ox++) {
          double weight = std::max(0.0, 1 - std::fabs(py - (double)oy)) * std::max(0.0, 1 - std::fabs(px - (double)ox));
          if (weight > 0) f(i, old(oy, ox), weight);
        }
      }
    }
  }
};

Case forward(const char *name, bool bilinear) {
  return {name, [=](Call &call) {
            Resize r(call.random);
            size_t x = call.input(r.old_size()), y = call.output(r.new_size());
            r.add_to(call);
            r.each(bilinear, [&](int64_t to, int64_t from, double weight) {
              call.expected(y)[to] += weight * call.values(x)[from];
            });
          }};
}

Case gradient(const char *name, bool bilinear) {
  return {name, [=](Call &call) {
            Resize r(call.random);
            size_t dy = call.input(r.new_size()), dx = call.output(r.old_size());
            r.add_to(call);
            r.each(bilinear, [&](int64_t to, int64_t from, double weight) {
              call.expected(dx)[from] += weight * call.values(dy)[to];
            });
          }};
}

}  // namespace

const std::vector<Case> kResizeCases = {
    forward("resizeBilinear", true),
    gradient("resizeBilinearGradient", true),
    forward("resizeNearest", false),
    gradient("resizeNearestGradient", false),
};
