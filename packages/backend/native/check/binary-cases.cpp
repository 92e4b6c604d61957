#include <cmath>

#include "check.h"

namespace {

/// What the operands are made fit for.
enum Operands { kAny, kWhole, kDivisor, kPower };

void prepare(Call &call, size_t a, size_t b, Operands operands) {
  auto each = [&](size_t tensor, auto f) {
    for (float &v : call.values(tensor)) v = (float)f(v);
    for (int32_t &v : call.ints(tensor)) v = (int32_t)f(v);
  };
  if (operands == kWhole) {  // so that some are equal
    each(a, [](auto v) { return std::round((double)v); });
    each(b, [](auto v) { return std::round((double)v); });
  }
  if (operands == kDivisor) each(b, [](auto v) { return v == 0 ? 1 : v; });
  if (operands == kPower) {
    each(a, [](auto v) { return std::fmod(std::fabs((double)v), 7) + 1; });
    each(b, [](auto v) { return std::fmod(std::fabs((double)v), 5); });
  }
}

Case binary(const char *name, Type type, Type out_type, double (*f)(double, double), Operands operands = kAny) {
  return {name, [=](Call &call) {
            Random &random = call.random;
            int64_t outer = random.range(1, 40), inner = random.range(1, random.coin() ? 9 : 900);
            bool row = random.coin(), column = random.coin();  // what is broadcast of b
            size_t a = call.input(outer * inner, type);
            size_t b = call.input((row ? 1 : outer) * (column ? 1 : inner), type);
            size_t out = call.output(outer * inner, kWrite, out_type);
            int64_t row_stride = row ? 0 : column ? 1 : inner;
            call.add({2, outer, inner, inner, 1, row_stride, column ? 0 : 1});
            prepare(call, a, b, operands);
            for (int64_t i = 0; i < outer * inner; i++) {
              int64_t other = i / inner * row_stride + (column ? 0 : i % inner);
              call.expected(out)[i] = f(call.number(a, i), call.number(b, other));
            }
          }};
}

double floored_remainder(double a, double b) {
  double r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
double add(double a, double b) { return a + b; }
double subtract(double a, double b) { return a - b; }
double multiply(double a, double b) { return a * b; }
double squared_difference(double a, double b) { return (a - b) * (a - b); }
double maximum(double a, double b) { return std::fmax(a, b); }
double minimum(double a, double b) { return std::fmin(a, b); }
double floored_quotient(double a, double b) { return std::floor(a / b); }
double power(double a, double b) { return std::pow(a, b); }

void add_n(Call &call) {
  int64_t size = call.random.range(1, call.random.coin() ? 40 : 70000), count = call.random.range(1, 5);
  call.add({count});
  std::vector<size_t> inputs;
  for (int64_t i = 0; i < count; i++) inputs.push_back(call.input(size));
  size_t y = call.output(size);
  call.add({size});
  for (int64_t i = 0; i < size; i++) {
    for (size_t input : inputs) call.expected(y)[i] += call.values(input)[i];
  }
}

std::vector<Case> cases() {
  std::vector<Case> all = {
      binary("add", kFloat, kFloat, add),
      binary("subtract", kFloat, kFloat, subtract),
      binary("multiply", kFloat, kFloat, multiply),
      binary("divide", kFloat, kFloat, [](double a, double b) { return a / b; }, kDivisor),
      binary("squared_difference", kFloat, kFloat, squared_difference),
      binary("maximum", kFloat, kFloat, maximum),
      binary("minimum", kFloat, kFloat, minimum),
      binary("modulo", kFloat, kFloat, floored_remainder, kDivisor),
      binary("power", kFloat, kFloat, power, kPower),
      binary("atan2", kFloat, kFloat, [](double a, double b) { return std::atan2(a, b); }),
      binary("prelu", kFloat, kFloat, [](double a, double b) { return a < 0 ? a * b : a; }),
      binary("elu_gradient", kFloat, kFloat, [](double dy, double y) { return y >= 0 ? dy : dy * (y + 1); }),
      binary("relu_gradient", kFloat, kFloat, [](double dy, double y) { return y > 0 ? dy : 0; }),
      binary("floor_divide", kFloat, kInt, floored_quotient, kDivisor),
      binary("add_int32", kInt, kInt, add),
      binary("subtract_int32", kInt, kInt, subtract),
      binary("multiply_int32", kInt, kInt, multiply),
      binary("squared_difference_int32", kInt, kInt, squared_difference),
      binary("bitwise_and", kInt, kInt, [](double a, double b) { return (double)((int32_t)a & (int32_t)b); }),
      binary("maximum_int32", kInt, kInt, maximum),
      binary("minimum_int32", kInt, kInt, minimum),
      binary("modulo_int32", kInt, kInt, floored_remainder, kDivisor),
      binary("floor_divide_int32", kInt, kInt, floored_quotient, kDivisor),
      binary("power_int32", kInt, kInt, power, kPower),
      binary("logical_and", kBool, kBool, [](double a, double b) { return (double)(a && b); }),
      binary("logical_or", kBool, kBool, [](double a, double b) { return (double)(a || b); }),
      {"add_n", add_n},
  };
  struct Comparison {
    const char *names[3];
    double (*f)(double, double);
  };
  const Comparison comparisons[] = {
      {{"equal", "equal_int32", "equal_bool"}, [](double a, double b) { return (double)(a == b); }},
      {{"not_equal", "not_equal_int32", "not_equal_bool"}, [](double a, double b) { return (double)(a != b); }},
      {{"less", "less_int32", "less_bool"}, [](double a, double b) { return (double)(a < b); }},
      {{"less_equal", "less_equal_int32", "less_equal_bool"}, [](double a, double b) { return (double)(a <= b); }},
      {{"greater", "greater_int32", "greater_bool"}, [](double a, double b) { return (double)(a > b); }},
      {{"greater_equal", "greater_equal_int32", "greater_equal_bool"},
       [](double a, double b) { return (double)(a >= b); }},
  };
  for (const Comparison &c : comparisons) {
    for (Type type : {kFloat, kInt, kBool}) all.push_back(binary(c.names[type], type, kBool, c.f, kWhole));
  }
  return all;
}

}  // namespace

const std::vector<Case> kBinaryCases = cases();
