#include <cmath>

#include "check.h"

namespace {

constexpr double kMomentum = 0.9, kEpsilon = 1e-3;

struct Shape {
  int64_t rows, channels;
  explicit Shape(Random &random)
      : rows(random.range(2, random.coin() ? 9 : 1500)), channels(random.range(1, random.coin() ? 9 : 90)) {}
  int64_t size() const { return rows * channels; }
};

struct Moments {
  std::vector<double> mean, variance;
  Moments(const std::vector<float> &x, Shape s) : mean(s.channels), variance(s.channels) {
    for (int64_t i = 0; i < s.size(); i++) mean[i % s.channels] += x[i] / (double)s.rows;
    for (int64_t i = 0; i < s.size(); i++) {
      double d = x[i] - mean[i % s.channels];
      variance[i % s.channels] += d * d / (double)s.rows;
    }
  }
};

void train(Call &call) {
  Shape s(call.random);
  bool relu = call.random.coin(), unbiased = call.random.coin();
  size_t x = call.input(s.size()), gamma = call.input(s.channels), beta = call.input(s.channels);
  size_t moving_mean = call.output(s.channels, kUpdate), moving_variance = call.output(s.channels, kUpdate);
  size_t y = call.output(s.size()), mean = call.output(s.channels), inv_std = call.output(s.channels);
  call.add({s.rows, s.channels});
  call.args.insert(call.args.end(), {kMomentum, kEpsilon, (double)relu, (double)unbiased});
  Moments m(call.values(x), s);
  double correction = unbiased ? (double)s.rows / (double)(s.rows - 1) : 1;
  for (int64_t c = 0; c < s.channels; c++) {
    call.expected(mean)[c] = m.mean[c];
    call.expected(inv_std)[c] = 1 / std::sqrt(m.variance[c] + kEpsilon);
    call.expected(moving_mean)[c] = call.values(moving_mean)[c] * kMomentum + m.mean[c] * (1 - kMomentum);
    call.expected(moving_variance)[c] =
        call.values(moving_variance)[c] * kMomentum + m.variance[c] * correction * (1 - kMomentum);
  }
  for (int64_t i = 0; i < s.size(); i++) {
    int64_t c = i % s.channels;
    double out = (call.values(x)[i] - m.mean[c]) / std::sqrt(m.variance[c] + kEpsilon) * call.values(gamma)[c] +
                 call.values(beta)[c];
    call.expected(y)[i] = relu ? std::fmax(out, 0) : out;
  }
}

void gradient(Call &call) {
  Shape s(call.random);
  bool relu = call.random.coin();
  size_t x = call.input(s.size()), y = call.input(s.size()), dy = call.input(s.size()), gamma = call.input(s.channels);
  size_t mean = call.input(s.channels), inv_std = call.input(s.channels);
  size_t dx = call.output(s.size()), dgamma = call.output(s.channels), dbeta = call.output(s.channels);
  call.add({s.rows, s.channels, relu});
  Moments m(call.values(x), s);
  for (int64_t c = 0; c < s.channels; c++) {
    call.values(mean)[c] = (float)m.mean[c];
    call.values(inv_std)[c] = (float)(1 / std::sqrt(m.variance[c] + kEpsilon));
  }
  auto incoming = [&](int64_t i) { return relu && !(call.values(y)[i] > 0) ? 0.0 : (double)call.values(dy)[i]; };
  auto normalized = [&](int64_t i) {
    int64_t c = i % s.channels;
    return ((double)call.values(x)[i] - call.values(mean)[c]) * call.values(inv_std)[c];
  };
  for (int64_t i = 0; i < s.size(); i++) {
    call.expected(dbeta)[i % s.channels] += incoming(i);
    call.expected(dgamma)[i % s.channels] += incoming(i) * normalized(i);
  }
  for (int64_t i = 0; i < s.size(); i++) {
    int64_t c = i % s.channels;
    call.expected(dx)[i] =
        call.values(gamma)[c] * call.values(inv_std)[c] *
        (incoming(i) - (call.expected(dbeta)[c] + normalized(i) * call.expected(dgamma)[c]) / (double)s.rows);
  }
  call.tolerance = 1e-3;
}

void inference(Call &call) {
  Shape s(call.random);
  bool has_beta = call.random.coin(), has_gamma = call.random.coin();
  size_t x = call.input(s.size()), mean = call.input(s.channels), variance = call.input(s.channels), beta = 0, gamma = 0;
  for (float &v : call.values(variance)) v = std::fabs(v) + 0.1f;
  if (has_beta) beta = call.input(s.channels);
  else call.add({0});
  if (has_gamma) gamma = call.input(s.channels);
  else call.add({0});
  size_t y = call.output(s.size());
  call.add({s.rows, s.channels});
  call.args.push_back(kEpsilon);
  for (int64_t i = 0; i < s.size(); i++) {
    int64_t c = i % s.channels;
    double factor = (has_gamma ? call.values(gamma)[c] : 1) / std::sqrt(call.values(variance)[c] + kEpsilon);
    call.expected(y)[i] = (call.values(x)[i] - call.values(mean)[c]) * factor + (has_beta ? call.values(beta)[c] : 0);
  }
}

void fold(Call &call) {
  int64_t channels = call.random.range(1, 90);
  size_t mean = call.input(channels), variance = call.input(channels);
  for (float &v : call.values(variance)) v = std::fabs(v);
  auto optional = [&](float otherwise) {
    if (call.random.coin()) return call.values(call.input(channels));
    call.add({0});
    return std::vector<float>(channels, otherwise);
  };
  std::vector<float> offset = optional(0), gamma = optional(1), bias = optional(0);
  size_t scale = call.output(channels), shift = call.output(channels);
  call.add({channels});
  call.args.push_back(kEpsilon);
  for (int64_t c = 0; c < channels; c++) {
    double factor = gamma[c] / std::sqrt(call.values(variance)[c] + kEpsilon);
    call.expected(scale)[c] = factor;
    call.expected(shift)[c] = offset[c] + (bias[c] - call.values(mean)[c]) * factor;
  }
}

}  // namespace

const std::vector<Case> kNormCases = {
    {"batchNormTrain", train},
    {"batchNormTrainGradient", gradient},
    {"foldBatchNorm", fold},
    {"batchNormInference", inference},
};
