#include <algorithm>
#include <cmath>

#include "geometry.h"

namespace {

double activated(double x, int64_t activation) {
  if (activation == 0) return x;
  return activation == 1 ? std::fmax(x, 0) : std::fmin(std::fmax(x, 0), 6);
}

void add_geometry(Call &call, const Geometry &g) {
  call.add({g.batch, g.height, g.width, g.channels, g.out_height, g.out_width, g.out_channels, g.kernel_height,
            g.kernel_width, g.stride_y, g.stride_x, g.dilation_y, g.dilation_x, g.pad_top, g.pad_left});
}

int64_t out_size(const Geometry &g) { return g.batch * g.out_height * g.out_width * g.out_channels; }
int64_t filter_size(const Geometry &g) { return g.taps() * g.channels * g.out_channels; }

/// A filter [k, n] as packed panels of so many columns.
std::vector<float> packed(const std::vector<float> &filter, int64_t k, int64_t n, int64_t columns) {
  std::vector<float> panels((n + columns - 1) / columns * columns * k);
  for (int64_t row = 0; row < k; row++) {
    for (int64_t i = 0; i < n; i++) panels[(i / columns * k + row) * columns + i % columns] = filter[row * n + i];
  }
  return panels;
}

void pack_filter(Call &call) {
  int64_t k = call.random.range(1, call.random.coin() ? 9 : 900), n = call.random.range(1, 100);
  bool has_scale = call.random.coin();
  size_t filter = call.input(k * n), scale = 0;
  if (has_scale) scale = call.input(n);
  else call.add({0});
  std::vector<float> scaled = call.values(filter);
  for (int64_t i = 0; has_scale && i < k * n; i++) scaled[i] *= call.values(scale)[i % n];
  std::vector<float> panels = packed(scaled, k, n, call.panel_columns);
  call.tolerance = 0;
  call.expected(call.output((int64_t)panels.size())).assign(panels.begin(), panels.end());
  call.add({k, n});
}

void convolution(Call &call, bool is_packed) {
  Geometry g(call.random, true);
  bool has_bias = call.random.coin();
  int64_t activation = call.random.range(0, 2);
  std::vector<float> filter(filter_size(g));
  for (float &v : filter) v = call.random.value();
  std::vector<float> given = is_packed ? packed(filter, g.taps() * g.channels, g.out_channels, call.panel_columns) : filter;
  size_t x = call.input(g.in_size()), given_filter = call.input((int64_t)given.size()), bias = 0;
  std::copy(given.begin(), given.end(), call.values(given_filter).begin());
  if (has_bias) bias = call.input(g.out_channels);
  else call.add({0});
  size_t y = call.output(out_size(g));
  call.add({activation});
  add_geometry(call, g);
  auto &expected = call.expected(y);
  g.each_tap([&](int64_t o, int64_t t, int64_t i) {
    for (int64_t c = 0; c < g.channels; c++) {
      for (int64_t k = 0; k < g.out_channels; k++) {
        expected[o * g.out_channels + k] +=
            (double)call.values(x)[i * g.channels + c] * filter[(t * g.channels + c) * g.out_channels + k];
      }
    }
  });
  for (size_t i = 0; i < expected.size(); i++) {
    expected[i] = activated(expected[i] + (has_bias ? call.values(bias)[i % g.out_channels] : 0), activation);
  }
}

void conv2d(Call &call) { convolution(call, false); }
void conv2d_packed(Call &call) { convolution(call, true); }

void conv2d_filter_gradient(Call &call) {
  Geometry g(call.random, true);
  size_t x = call.input(g.in_size()), dy = call.input(out_size(g)), df = call.output(filter_size(g));
  add_geometry(call, g);
  g.each_tap([&](int64_t o, int64_t t, int64_t i) {
    for (int64_t c = 0; c < g.channels; c++) {
      for (int64_t k = 0; k < g.out_channels; k++) {
        call.expected(df)[(t * g.channels + c) * g.out_channels + k] +=
            (double)call.values(x)[i * g.channels + c] * call.values(dy)[o * g.out_channels + k];
      }
    }
  });
}

void conv2d_input_gradient(Call &call) {
  Geometry g(call.random, true);
  size_t dy = call.input(out_size(g)), filter = call.input(filter_size(g)), dx = call.output(g.in_size());
  add_geometry(call, g);
  g.each_tap([&](int64_t o, int64_t t, int64_t i) {
    for (int64_t c = 0; c < g.channels; c++) {
      for (int64_t k = 0; k < g.out_channels; k++) {
        call.expected(dx)[i * g.channels + c] += (double)call.values(dy)[o * g.out_channels + k] *
                                                 call.values(filter)[(t * g.channels + c) * g.out_channels + k];
      }
    }
  });
}

void matmul(Call &call) {
  Random &random = call.random;
  // Few rows, many rows and much depth take different ways.
  bool tall = random.range(0, 5) == 0, deep = random.range(0, 5) == 0;
  int64_t m = tall ? random.range(500, 700) : random.range(1, 130), n = random.range(1, 80);
  int64_t k = deep ? random.range(380, 900) : random.range(1, 70), batch = random.range(1, 3);
  bool ta = random.coin(), tb = random.coin(), one_a = random.coin(), has_bias = random.coin();
  int64_t activation = random.range(0, 2);
  size_t a = call.input((one_a ? 1 : batch) * m * k), b = call.input(batch * k * n), bias = 0;
  if (has_bias) bias = call.input(n);
  else call.add({0});
  size_t c = call.output(batch * m * n);
  call.add({activation, batch, m, n, k, ta, tb, one_a ? 0 : m * k, k * n});
  for (int64_t i = 0; i < batch * m * n; i++) {
    int64_t z = i / (m * n), row = i / n % m, column = i % n;
    const float *left = call.values(a).data() + (one_a ? 0 : z * m * k), *right = call.values(b).data() + z * k * n;
    double total = has_bias ? call.values(bias)[column] : 0;
    for (int64_t j = 0; j < k; j++) {
      total += (double)left[ta ? j * m + row : row * k + j] * right[tb ? column * k + j : j * n + column];
    }
    call.expected(c)[i] = activated(total, activation);
  }
}

}  // namespace

const std::vector<Case> kConvCases = {
    {"conv2d", conv2d},
    {"conv2dPacked", conv2d_packed},
    {"packFilter", pack_filter},
    {"conv2dFilterGradient", conv2d_filter_gradient},
    {"conv2dInputGradient", conv2d_input_gradient},
    {"matmul", matmul},
};
