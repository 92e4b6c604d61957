#include <cmath>

#include "check.h"

namespace {

struct Shape {
  int64_t outer, length, inner;
  explicit Shape(Random &random)
      : outer(random.range(1, random.coin() ? 3 : 40)), length(random.range(1, random.coin() ? 50 : 20000)),
        inner(random.coin() ? 1 : random.range(2, 20)) {
    if (inner > 1) length = length / 20 + 1;
  }
};

void sum(Call &call) {
  Shape s(call.random);
  double factor = call.random.coin() ? 1 : 1.0 / (double)s.length;
  size_t x = call.input(s.outer * s.length * s.inner), y = call.output(s.outer * s.inner);
  call.add({s.outer, s.length, s.inner});
  call.args.push_back(factor);
  for (int64_t i = 0; i < s.outer * s.length * s.inner; i++) {
    call.expected(y)[i / (s.length * s.inner) * s.inner + i % s.inner] += call.values(x)[i] * factor;
  }
}

void max(Call &call) {
  Shape s(call.random);
  size_t x = call.input(s.outer * s.length * s.inner), y = call.output(s.outer * s.inner);
  call.add({s.outer, s.length, s.inner});
  call.values(x)[0] = NAN;
  call.expected(y).assign(s.outer * s.inner, -INFINITY);
  for (int64_t i = 0; i < s.outer * s.length * s.inner; i++) {
    double &best = call.expected(y)[i / (s.length * s.inner) * s.inner + i % s.inner], v = call.values(x)[i];
    if (v > best || std::isnan(v)) best = v;
  }
}

void softmax(Call &call) {
  int64_t rows = call.random.range(1, 300), columns = call.random.range(1, 120);
  size_t x = call.input(rows * columns), y = call.output(rows * columns);
  call.add({rows, columns});
  for (int64_t r = 0; r < rows; r++) {
    double total = 0;
    for (int64_t c = 0; c < columns; c++) total += std::exp((double)call.values(x)[r * columns + c]);
    for (int64_t c = 0; c < columns; c++) {
      call.expected(y)[r * columns + c] = std::exp((double)call.values(x)[r * columns + c]) / total;
    }
  }
}

}  // namespace

const std::vector<Case> kReduceCases = {{"reduceSum", sum}, {"reduceMax", max}, {"softmax", softmax}};
