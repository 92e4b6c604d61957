#include <cmath>

#include "check.h"

namespace {

/// Lists of tensors of some sizes in the order of the arguments, then the sizes and the weight decays.
struct Lists {
  std::vector<int64_t> sizes;
  std::vector<std::vector<size_t>> lists;
  std::vector<double> decays;

  Lists(Call &call, std::initializer_list<Access> accesses) {
    int64_t count = call.random.range(1, 5);
    call.add({count});
    for (int64_t i = 0; i < count; i++) {
      sizes.push_back(call.random.range(1, call.random.coin() ? 20 : 90000));
      decays.push_back(call.random.coin() ? 0 : 1e-2);
    }
    for (Access access : accesses) {
      lists.emplace_back();
      for (int64_t size : sizes) {
        lists.back().push_back(access == kRead ? call.input(size) : call.output(size, access));
      }
    }
    call.args.insert(call.args.end(), sizes.begin(), sizes.end());
    call.args.insert(call.args.end(), decays.begin(), decays.end());
  }
};

void sgd(Call &call) {
  bool nesterov = call.random.coin();
  const double rate = 0.1, momentum = 0.9;
  call.args = {rate, momentum, (double)nesterov};
  Lists l(call, {kUpdate, kRead, kUpdate});
  for (size_t p = 0; p < l.sizes.size(); p++) {
    for (int64_t i = 0; i < l.sizes[p]; i++) {
      double w = call.values(l.lists[0][p])[i], g = call.values(l.lists[1][p])[i] + l.decays[p] * w;
      double v = momentum * call.values(l.lists[2][p])[i] + g;
      call.expected(l.lists[2][p])[i] = v;
      call.expected(l.lists[0][p])[i] = w - rate * (nesterov ? g + momentum * v : v);
    }
  }
}

void adam(Call &call) {
  const double rate = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, step = 3;
  call.args = {rate, beta1, beta2, epsilon, step};
  Lists l(call, {kUpdate, kRead, kUpdate, kUpdate});
  for (size_t p = 0; p < l.sizes.size(); p++) {
    for (float &second : call.values(l.lists[3][p])) second = std::fabs(second) + 0.1f;
    for (int64_t i = 0; i < l.sizes[p]; i++) {
      double w = call.values(l.lists[0][p])[i], g = call.values(l.lists[1][p])[i] + l.decays[p] * w;
      double first = beta1 * call.values(l.lists[2][p])[i] + (1 - beta1) * g;
      double second = beta2 * call.values(l.lists[3][p])[i] + (1 - beta2) * g * g;
      call.expected(l.lists[2][p])[i] = first, call.expected(l.lists[3][p])[i] = second;
      call.expected(l.lists[0][p])[i] = w - rate / (1 - std::pow(beta1, step)) * first /
                                                (std::sqrt(second / (1 - std::pow(beta2, step))) + epsilon);
    }
  }
}

}  // namespace

const std::vector<Case> kOptimizerCases = {{"sgdUpdate", sgd}, {"adamUpdate", adam}};
