#include <cmath>

#include "check.h"

namespace {

/// ln of the sum of e^x over a row.
double log_sum(Call &call, size_t x, int64_t row, int64_t columns) {
  double total = 0;
  for (int64_t c = 0; c < columns; c++) total += std::exp((double)call.values(x)[row * columns + c]);
  return std::log(total);
}

void softmax(Call &call) {
  int64_t rows = call.random.range(1, 300), columns = call.random.range(1, 120);
  size_t x = call.input(rows * columns), y = call.output(rows * columns);
  call.add({rows, columns});
  for (int64_t i = 0; i < rows * columns; i++) {
    call.expected(y)[i] = std::exp(call.values(x)[i] - log_sum(call, x, i / columns, columns));
  }
}

void cross_entropy(Call &call) {
  int64_t rows = call.random.range(1, 200), columns = call.random.range(1, 60);
  double smoothing = call.random.coin() ? 0 : 0.1;
  size_t logits = call.input(rows * columns), labels = call.input(rows, kInt);
  size_t loss = call.output(1), gradient = call.output(rows * columns);
  call.add({rows, columns});
  call.args.push_back(smoothing);
  for (int32_t &label : call.ints(labels)) label = (int32_t)call.random.range(0, columns - 1);
  for (int64_t r = 0; r < rows; r++) {
    double log_total = log_sum(call, logits, r, columns);
    for (int64_t c = 0; c < columns; c++) {
      double target = smoothing / (double)columns + (call.ints(labels)[r] == c ? 1 - smoothing : 0);
      double log_probability = call.values(logits)[r * columns + c] - log_total;
      call.expected(loss)[0] -= target * log_probability / (double)rows;
      call.expected(gradient)[r * columns + c] = (std::exp(log_probability) - target) / (double)rows;
    }
  }
}

}  // namespace

const std::vector<Case> kSoftmaxCases = {{"softmax", softmax}, {"softmaxCrossEntropy", cross_entropy}};
