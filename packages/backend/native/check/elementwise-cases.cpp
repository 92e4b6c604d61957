#include <cmath>

#include "check.h"

namespace {

int64_t some_size(Random &random) { return random.range(1, random.coin() ? 40 : 70000); }

template <class F>
void unary(Call &call, F f, double shift = 0) {
  int64_t size = some_size(call.random);
  size_t x = call.input(size), y = call.output(size);
  call.add({size});
  for (float &v : call.values(x)) v = shift ? std::fabs(v) + (float)shift : v;
  if (!shift && size > 2) call.values(x)[1] = NAN, call.values(x)[2] = INFINITY;
  for (int64_t i = 0; i < size; i++) call.expected(y)[i] = f(call.values(x)[i]);
}

void relu(Call &call) {
  unary(call, [](double v) { return v < 0 ? 0 : v; });
}
void relu6(Call &call) {
  unary(call, [](double v) { return v < 0 ? 0 : v > 6 ? 6 : v; });
}
void negate(Call &call) {
  unary(call, [](double v) { return -v; });
}
void square(Call &call) {
  unary(call, [](double v) { return v * v; });
}
void exponential(Call &call) {
  unary(call, [](double v) { return std::exp(v); });
}
void logarithm(Call &call) {
  unary(call, [](double v) { return std::log(v); }, 0.01);
}
void square_root(Call &call) {
  unary(call, [](double v) { return std::sqrt(v); }, 0.01);
}
void reciprocal_square_root(Call &call) {
  unary(call, [](double v) { return 1 / std::sqrt(v); }, 0.01);
}
void absolute(Call &call) {
  unary(call, [](double v) { return std::fabs(v); });
}
void step(Call &call) {
  unary(call, [](double v) { return std::isnan(v) ? v : v > 0 ? 1 : 0.25; });
  call.args.push_back(0.25);
}

void relu_gradient(Call &call) {
  int64_t size = some_size(call.random);
  size_t dy = call.input(size), y = call.input(size), dx = call.output(size);
  call.add({size});
  for (int64_t i = 0; i < size; i++) call.expected(dx)[i] = call.values(y)[i] > 0 ? call.values(dy)[i] : 0;
}

template <class F>
void binary(Call &call, F f) {
  Random &random = call.random;
  int64_t outer = random.range(1, 40), inner = random.range(1, random.coin() ? 9 : 900);
  bool row = random.coin(), column = random.coin();  // what is broadcast of b
  size_t a = call.input(outer * inner), b = call.input((row ? 1 : outer) * (column ? 1 : inner));
  size_t out = call.output(outer * inner);
  int64_t row_stride = row ? 0 : column ? 1 : inner;
  call.add({2, outer, inner, inner, 1, row_stride, column ? 0 : 1});
  for (int64_t i = 0; i < outer * inner; i++) {
    call.expected(out)[i] = f(call.values(a)[i], call.values(b)[i / inner * row_stride + (column ? 0 : i % inner)]);
  }
}

void add(Call &call) {
  binary(call, [](double a, double b) { return a + b; });
}
void subtract(Call &call) {
  binary(call, [](double a, double b) { return a - b; });
}
void multiply(Call &call) {
  binary(call, [](double a, double b) { return a * b; });
}
void divide(Call &call) {
  binary(call, [](float a, float b) { return (double)(a / b); });
}
void squared_difference(Call &call) {
  binary(call, [](double a, double b) { return (a - b) * (a - b); });
}

void add_n(Call &call) {
  int64_t size = some_size(call.random), count = call.random.range(1, 5);
  call.add({count});
  std::vector<size_t> inputs;
  for (int64_t i = 0; i < count; i++) inputs.push_back(call.input(size));
  size_t y = call.output(size);
  call.add({size});
  for (int64_t i = 0; i < size; i++) {
    for (size_t input : inputs) call.expected(y)[i] += call.values(input)[i];
  }
}

void strided_copy(Call &call) {
  // A transposition, with 4 bytes an element.
  int64_t rows = call.random.range(1, 60), columns = call.random.range(1, 600);
  size_t from = call.input(rows * columns), to = call.output(rows * columns);
  call.add({4, 2, columns, rows, 1, columns, rows, 1});
  for (int64_t i = 0; i < rows * columns; i++) {
    call.expected(to)[i % columns * rows + i / columns] = call.values(from)[i];
  }
}

void fill(Call &call) {
  int64_t size = some_size(call.random);
  size_t y = call.output(size);
  call.add({size, 3, 4});
  call.expected(y).assign(size, 3);
}

}  // namespace

const std::vector<Case> kElementwiseCases = {
    {"relu", relu},
    {"relu6", relu6},
    {"negate", negate},
    {"square", square},
    {"exp", exponential},
    {"log", logarithm},
    {"sqrt", square_root},
    {"rsqrt", reciprocal_square_root},
    {"abs", absolute},
    {"step", step},
    {"reluGradient", relu_gradient},
    {"add", add},
    {"subtract", subtract},
    {"multiply", multiply},
    {"divide", divide},
    {"squaredDifference", squared_difference},
    {"addN", add_n},
    {"stridedCopy", strided_copy},
    {"fill", fill},
};
