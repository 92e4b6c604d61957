#include <cmath>

#include "check.h"

namespace {

/// Where a function is defined and ordinary.
enum Domain { kAnywhere, kPositive, kInsideOne, kAboveOne };

double within(Domain domain, double v) {
  switch (domain) {
    case kPositive: return std::fabs(v) + 0.01;
    case kInsideOne: return v * 0.45;
    case kAboveOne: return std::fabs(v) + 1.01;
    default: return v;
  }
}

Case unary(const char *name, Type from, Type to, double (*f)(double), Domain domain = kAnywhere,
           std::vector<double> attributes = {}) {
  return {name, [=](Call &call) {
            int64_t size = call.random.range(1, call.random.coin() ? 40 : 70000);
            size_t x = call.input(size, from), y = call.output(size, kWrite, to);
            call.add({size});
            call.args.insert(call.args.end(), attributes.begin(), attributes.end());
            for (float &v : call.values(x)) v = (float)within(domain, v);
            if (from == kFloat && domain == kAnywhere && size > 2) {
              call.values(x)[1] = NAN, call.values(x)[2] = to == kInt ? 7 : INFINITY;
            }
            for (int64_t i = 0; i < size; i++) call.expected(y)[i] = f(call.number(x, i));
          }};
}

Case floats(const char *name, double (*f)(double), Domain domain = kAnywhere) {
  return unary(name, kFloat, kFloat, f, domain);
}

double relu(double v) { return v < 0 ? 0 : v; }
double relu6(double v) { return v < 0 ? 0 : v > 6 ? 6 : v; }
double sign(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }
double nonzero(double v) { return v != 0; }
double same(double v) { return v; }
double square(double v) { return v * v; }
double negate(double v) { return -v; }

}  // namespace

const std::vector<Case> kUnaryCases = {
    floats("relu", relu),
    floats("relu6", relu6),
    floats("elu", [](double v) { return v >= 0 ? v : std::expm1(v); }),
    floats("selu", [](double v) { return 1.0507009873554805 * (v >= 0 ? v : 1.6732632423543772 * std::expm1(v)); }),
    floats("negate", negate),
    floats("abs", std::fabs),
    floats("sign", sign),
    floats("square", square),
    floats("reciprocal", [](double v) { return 1 / v; }),
    floats("floor", std::floor),
    floats("ceil", std::ceil),
    floats("round", std::nearbyint),
    floats("sqrt", std::sqrt, kPositive),
    floats("rsqrt", [](double v) { return 1 / std::sqrt(v); }, kPositive),
    floats("exp", std::exp),
    floats("expm1", std::expm1),
    floats("log", std::log, kPositive),
    floats("log1p", std::log1p, kPositive),
    floats("sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }),
    floats("softplus", [](double v) { return std::log1p(std::exp(v)); }),
    floats("erf", std::erf),
    floats("sin", std::sin),
    floats("cos", std::cos),
    floats("tan", std::tan, kInsideOne),
    floats("asin", std::asin, kInsideOne),
    floats("acos", std::acos, kInsideOne),
    floats("atan", std::atan),
    floats("sinh", std::sinh),
    floats("cosh", std::cosh),
    floats("tanh", std::tanh),
    floats("asinh", std::asinh),
    floats("acosh", std::acosh, kAboveOne),
    floats("atanh", std::atanh, kInsideOne),
    unary("is_nan", kFloat, kBool, [](double v) { return (double)std::isnan(v); }),
    unary("is_inf", kFloat, kBool, [](double v) { return (double)std::isinf(v); }),
    unary("is_finite", kFloat, kBool, [](double v) { return (double)std::isfinite(v); }),
    unary("logical_not", kBool, kBool, [](double v) { return (double)!v; }),
    unary("relu_int32", kInt, kInt, relu),
    unary("relu6_int32", kInt, kInt, relu6),
    unary("negate_int32", kInt, kInt, negate),
    unary("abs_int32", kInt, kInt, std::fabs),
    unary("sign_int32", kInt, kInt, sign),
    unary("square_int32", kInt, kInt, square),
    unary("float32_to_int32", kFloat, kInt, [](double v) { return std::isnan(v) ? 0 : std::trunc(v); }),
    unary("float32_to_bool", kFloat, kBool, nonzero),
    unary("int32_to_float32", kInt, kFloat, same),
    unary("int32_to_bool", kInt, kBool, nonzero),
    unary("bool_to_float32", kBool, kFloat, same),
    unary("bool_to_int32", kBool, kInt, same),
    unary("step", kFloat, kFloat, [](double v) { return std::isnan(v) ? v : v > 0 ? 1 : 0.25; }, kAnywhere, {0.25}),
    unary("leaky_relu", kFloat, kFloat, [](double v) { return v < 0 ? v * 0.25 : v; }, kAnywhere, {0.25}),
    unary("clip", kFloat, kFloat, [](double v) { return v > 0.75 ? 0.75 : v < -0.5 ? -0.5 : v; }, kAnywhere,
          {-0.5, 0.75}),
    unary("clip_int32", kInt, kInt, [](double v) { return v > 20.0 ? 20.0 : v < -10.0 ? -10.0 : v; }, kAnywhere,
          {-10, 20}),
};
