#include <cmath>

#include "check.h"

namespace {

/// Whether weight decay is decoupled, lists of tensors of some sizes in the order of the arguments, then the sizes, the
/// learning rates and the weight decays.
struct Lists {
  bool decoupled;
  std::vector<int64_t> sizes;
  std::vector<std::vector<size_t>> lists;
  std::vector<double> rates, decays;

  Lists(Call &call, std::initializer_list<Access> accesses) {
    int64_t count = call.random.range(1, 5);
    decoupled = call.random.coin();
    call.add({(int64_t)decoupled, count});
    for (int64_t i = 0; i < count; i++) {
      sizes.push_back(call.random.range(1, call.random.coin() ? 20 : 90000));
      rates.push_back(call.random.coin() ? 0.1 : 0.01);
      decays.push_back(call.random.coin() ? 0 : 1e-2);
    }
    for (Access access : accesses) {
      lists.emplace_back();
      for (int64_t size : sizes) {
        lists.back().push_back(access == kRead ? call.input(size) : call.output(size, access));
      }
    }
    call.args.insert(call.args.end(), sizes.begin(), sizes.end());
    call.args.insert(call.args.end(), rates.begin(), rates.end());
    call.args.insert(call.args.end(), decays.begin(), decays.end());
  }

  double weight(Call &call, size_t p, int64_t i) {
    return call.values(lists[0][p])[i] * (decoupled ? 1 - rates[p] * decays[p] : 1);
  }
  double gradient(Call &call, size_t p, int64_t i) {
    return call.values(lists[1][p])[i] + (decoupled ? 0 : decays[p] * call.values(lists[0][p])[i]);
  }
};

void sgd(Call &call) {
  bool nesterov = call.random.coin();
  const double momentum = 0.9;
  call.args = {momentum, (double)nesterov};
  Lists l(call, {kUpdate, kRead, kUpdate});
  for (size_t p = 0; p < l.sizes.size(); p++) {
    for (int64_t i = 0; i < l.sizes[p]; i++) {
      double w = l.weight(call, p, i), g = l.gradient(call, p, i);
      double v = momentum * call.values(l.lists[2][p])[i] + g;
      call.expected(l.lists[2][p])[i] = v;
      call.expected(l.lists[0][p])[i] = w - l.rates[p] * (nesterov ? g + momentum * v : v);
    }
  }
}

void adam(Call &call) {
  const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, step = 3;
  call.args = {beta1, beta2, epsilon, step};
  Lists l(call, {kUpdate, kRead, kUpdate, kUpdate});
  for (size_t p = 0; p < l.sizes.size(); p++) {
    for (float &second : call.values(l.lists[3][p])) second = std::fabs(second) + 0.1f;
    for (int64_t i = 0; i < l.sizes[p]; i++) {
      double w = l.weight(call, p, i), g = l.gradient(call, p, i);
      double first = beta1 * call.values(l.lists[2][p])[i] + (1 - beta1) * g;
      double second = beta2 * call.values(l.lists[3][p])[i] + (1 - beta2) * g * g;
      call.expected(l.lists[2][p])[i] = first, call.expected(l.lists[3][p])[i] = second;
      call.expected(l.lists[0][p])[i] = w - l.rates[p] / (1 - std::pow(beta1, step)) * first /
                                                (std::sqrt(second / (1 - std::pow(beta2, step))) + epsilon);
    }
  }
}

void rmsprop(Call &call) {
  bool in_root = call.random.coin();
  const double rho = 0.9, momentum = 0.8, epsilon = 1e-3;
  call.args = {rho, momentum, epsilon, (double)in_root};
  Lists l(call, {kUpdate, kRead, kUpdate, kUpdate});
  for (size_t p = 0; p < l.sizes.size(); p++) {
    for (float &square : call.values(l.lists[2][p])) square = std::fabs(square) + 0.1f;
    for (int64_t i = 0; i < l.sizes[p]; i++) {
      double w = l.weight(call, p, i), g = l.gradient(call, p, i);
      double square = rho * call.values(l.lists[2][p])[i] + (1 - rho) * g * g;
      double root = in_root ? std::sqrt(square + epsilon) : std::sqrt(square) + epsilon;
      double v = momentum * call.values(l.lists[3][p])[i] + g / root;
      call.expected(l.lists[2][p])[i] = square, call.expected(l.lists[3][p])[i] = v;
      call.expected(l.lists[0][p])[i] = w - l.rates[p] * v;
    }
  }
}

void ema(Call &call) {
  const double decay = 0.9;
  int64_t count = call.random.range(1, 5);
  std::vector<int64_t> sizes;
  std::vector<size_t> averages, values;
  call.args = {decay, (double)count};
  for (int64_t p = 0; p < count; p++) sizes.push_back(call.random.range(1, call.random.coin() ? 20 : 90000));
  for (int64_t size : sizes) averages.push_back(call.output(size, kUpdate));
  for (int64_t size : sizes) values.push_back(call.input(size));
  call.args.insert(call.args.end(), sizes.begin(), sizes.end());
  for (size_t p = 0; p < sizes.size(); p++) {
    for (int64_t i = 0; i < sizes[p]; i++) {
      double before = call.values(averages[p])[i];
      call.expected(averages[p])[i] = before + (1 - decay) * (call.values(values[p])[i] - before);
    }
  }
}

}  // namespace

const std::vector<Case> kOptimizerCases = {
    {"sgdUpdate", sgd}, {"adamUpdate", adam}, {"rmspropUpdate", rmsprop}, {"emaUpdate", ema}};
