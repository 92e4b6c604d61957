#include <cmath>

#include "check.h"

namespace {

typedef double (*Fold)(double, double);

struct Shape {
  int64_t outer, length, inner;
  explicit Shape(Random &random)
      : outer(random.range(1, random.coin() ? 3 : 40)), length(random.range(1, random.coin() ? 50 : 20000)),
        inner(random.coin() ? 1 : random.range(2, 20)) {
    if (inner > 1) length = length / 20 + 1;
  }
  int64_t size() const { return outer * length * inner; }
  int64_t at(int64_t o, int64_t l, int64_t c) const { return (o * length + l) * inner + c; }
  void add_to(Call &call) const { call.add({outer, length, inner}); }
};

/// Keeps products within the range of the type.
void near_one(Call &call, size_t x) {
  for (float &v : call.values(x)) v = 1 + v * 1e-3f;
  for (int32_t &v : call.ints(x)) v = v % 2 ? 1 : -1;
}

Case fold(const char *name, Type type, double identity, Fold f, bool product = false) {
  return {name, [=](Call &call) {
            Shape s(call.random);
            size_t x = call.input(s.size(), type), y = call.output(s.outer * s.inner, kWrite, type);
            s.add_to(call);
            if (product) near_one(call, x);
            for (int64_t i = 0; i < s.outer * s.inner; i++) {
              double total = identity;
              for (int64_t l = 0; l < s.length; l++) {
                total = f(total, call.number(x, s.at(i / s.inner, l, i % s.inner)));
              }
              call.expected(y)[i] = total;
            }
          }};
}

void sum(Call &call) {
  Shape s(call.random);
  double factor = call.random.coin() ? 1 : 1.0 / (double)s.length;
  size_t x = call.input(s.size()), y = call.output(s.outer * s.inner);
  s.add_to(call);
  call.args.push_back(factor);
  for (int64_t i = 0; i < s.size(); i++) {
    call.expected(y)[i / (s.length * s.inner) * s.inner + i % s.inner] += call.values(x)[i] * factor;
  }
}

Case arg(const char *name, Type type, bool largest) {
  return {name, [=](Call &call) {
            Shape s(call.random);
            size_t x = call.input(s.size(), type), y = call.output(s.outer * s.inner, kWrite, kInt);
            s.add_to(call);
            for (int64_t i = 0; i < s.outer * s.inner; i++) {
              int64_t best = 0;
              auto value = [&](int64_t l) { return call.number(x, s.at(i / s.inner, l, i % s.inner)); };
              for (int64_t l = 1; l < s.length; l++) {
                if (largest ? value(l) > value(best) : value(l) < value(best)) best = l;
              }
              call.expected(y)[i] = (double)best;
            }
          }};
}

Case scan(const char *name, Type type, double identity, Fold f, bool product = false) {
  return {name, [=](Call &call) {
            Shape s(call.random);
            bool exclusive = call.random.coin(), reverse = call.random.coin();
            size_t x = call.input(s.size(), type), y = call.output(s.size(), kWrite, type);
            s.add_to(call);
            call.add({exclusive, reverse});
            if (product) near_one(call, x);
            for (int64_t i = 0; i < s.outer * s.inner; i++) {
              double total = identity;
              for (int64_t l = 0; l < s.length; l++) {
                int64_t at = s.at(i / s.inner, reverse ? s.length - 1 - l : l, i % s.inner);
                double next = f(total, call.number(x, at));
                call.expected(y)[at] = exclusive ? total : next;
                total = next;
              }
            }
          }};
}

double add(double a, double b) { return a + b; }
double multiply(double a, double b) { return a * b; }
double larger(double a, double b) { return std::fmax(a, b); }
double smaller(double a, double b) { return std::fmin(a, b); }

}  // namespace

const std::vector<Case> kReduceCases = {
    fold("reduce_max", kFloat, -INFINITY, larger),
    fold("reduce_min", kFloat, INFINITY, smaller),
    fold("reduce_prod", kFloat, 1, multiply, true),
    fold("reduce_max_int32", kInt, -INFINITY, larger),
    fold("reduce_min_int32", kInt, INFINITY, smaller),
    fold("reduce_sum_int32", kInt, 0, add),
    fold("reduce_prod_int32", kInt, 1, multiply, true),
    fold("reduce_all", kBool, 1, [](double a, double b) { return (double)(a && b); }),
    fold("reduce_any", kBool, 0, [](double a, double b) { return (double)(a || b); }),
    {"reduce_sum", sum},
    arg("arg_max", kFloat, true),
    arg("arg_min", kFloat, false),
    arg("arg_max_int32", kInt, true),
    arg("arg_min_int32", kInt, false),
    scan("cumsum", kFloat, 0, add),
    scan("cumprod", kFloat, 1, multiply, true),
    scan("cumsum_int32", kInt, 0, add),
    scan("cumprod_int32", kInt, 1, multiply, true),
};
