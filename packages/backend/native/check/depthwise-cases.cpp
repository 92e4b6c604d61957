#include "geometry.h"

namespace {

struct Depthwise : Geometry {
  int64_t multiplier;
  explicit Depthwise(Random &random) : Geometry(random, true), multiplier(random.coin() ? 1 : random.range(2, 3)) {
    out_channels = channels * multiplier;
  }
  int64_t out_size() const { return batch * out_height * out_width * out_channels; }
  int64_t filter_size() const { return taps() * out_channels; }
  void add_to(Call &call) const {
    call.add({batch, height, width, channels, multiplier, out_height, out_width, kernel_height, kernel_width, stride_y,
              stride_x, dilation_y, dilation_x, pad_top, pad_left});
  }
  /// Calls f(index in the output, in the filter, in the input) for every product.
  template <class F>
  void each_product(F f) const {
    each_tap([&](int64_t o, int64_t t, int64_t i) {
      for (int64_t c = 0; c < out_channels; c++) {
        f(o * out_channels + c, t * out_channels + c, i * channels + c / multiplier);
      }
    });
  }
};

void depthwise(Call &call) {
  Depthwise g(call.random);
  size_t x = call.input(g.in_size()), filter = call.input(g.filter_size()), y = call.output(g.out_size());
  bool rectify = call.random.coin();
  g.add_to(call);
  call.add({rectify});
  g.each_product([&](int64_t o, int64_t f, int64_t i) {
    double value = call.values(x)[i];
    call.expected(y)[o] += (rectify && value < 0 ? 0 : value) * call.values(filter)[f];
  });
}

void depthwise_input_gradient(Call &call) {
  Depthwise g(call.random);
  size_t dy = call.input(g.out_size()), filter = call.input(g.filter_size()), dx = call.output(g.in_size());
  g.add_to(call);
  g.each_product([&](int64_t o, int64_t f, int64_t i) {
    call.expected(dx)[i] += (double)call.values(dy)[o] * call.values(filter)[f];
  });
}

void depthwise_filter_gradient(Call &call) {
  Depthwise g(call.random);
  size_t x = call.input(g.in_size()), dy = call.input(g.out_size()), df = call.output(g.filter_size());
  g.add_to(call);
  g.each_product([&](int64_t o, int64_t f, int64_t i) {
    call.expected(df)[f] += (double)call.values(x)[i] * call.values(dy)[o];
  });
}

}  // namespace

const std::vector<Case> kDepthwiseCases = {
    {"depthwise", depthwise},
    {"depthwiseInputGradient", depthwise_input_gradient},
    {"depthwiseFilterGradient", depthwise_filter_gradient},
};
