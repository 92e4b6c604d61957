#include <cmath>

#include "geometry.h"

namespace {

struct Pooling : Geometry {
  explicit Pooling(Random &random) : Geometry(random, false) {}
  int64_t out_size() const { return batch * out_height * out_width * channels; }
  void add_to(Call &call) const {
    call.add({batch, height, width, channels, out_height, out_width, kernel_height, kernel_width, stride_y, stride_x,
              pad_top, pad_left});
  }
  /// Calls f(index in the output, in the input) for every value of every window, in order.
  template <class F>
  void each_value(F f) const {
    each_tap([&](int64_t o, int64_t, int64_t i) {
      for (int64_t c = 0; c < channels; c++) f(o * channels + c, i * channels + c);
    });
  }
  std::vector<double> areas() const {
    std::vector<double> counts(out_size());
    each_value([&](int64_t o, int64_t) { counts[o]++; });
    return counts;
  }
  std::vector<int64_t> winners(const std::vector<float> &x) const {
    std::vector<int64_t> first(out_size(), -1);
    each_value([&](int64_t o, int64_t i) {
      if (first[o] < 0 || x[i] > x[first[o]]) first[o] = i;
    });
    return first;
  }
};

void pool(Call &call) {
  Pooling g(call.random);
  bool average = call.random.coin();
  size_t x = call.input(g.in_size()), y = call.output(g.out_size());
  call.add({average});
  g.add_to(call);
  auto areas = g.areas();
  auto winners = g.winners(call.values(x));
  if (average) {
    g.each_value([&](int64_t o, int64_t i) { call.expected(y)[o] += call.values(x)[i] / areas[o]; });
  } else {
    for (int64_t o = 0; o < g.out_size(); o++) call.expected(y)[o] = call.values(x)[winners[o]];
  }
}

void max_gradient(Call &call) {
  Pooling g(call.random);
  size_t dy = call.input(g.out_size()), x = call.input(g.in_size()), dx = call.output(g.in_size());
  g.add_to(call);
  auto winners = g.winners(call.values(x));
  for (int64_t o = 0; o < g.out_size(); o++) call.expected(dx)[winners[o]] += call.values(dy)[o];
}

void avg_gradient(Call &call) {
  Pooling g(call.random);
  size_t dy = call.input(g.out_size()), dx = call.output(g.in_size());
  g.add_to(call);
  auto areas = g.areas();
  g.each_value([&](int64_t o, int64_t i) { call.expected(dx)[i] += call.values(dy)[o] / areas[o]; });
}

}  // namespace

const std::vector<Case> kPoolCases = {
    {"pool", pool},
    {"maxPoolGradient", max_gradient},
    {"avgPoolGradient", avg_gradient},
};
