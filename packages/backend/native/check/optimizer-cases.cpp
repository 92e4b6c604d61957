#include <algorithm>
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

std::vector<double> transposed(const std::vector<double> &a, int64_t rows, int64_t columns) {
  std::vector<double> out(a.size());
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  }
  return out;
}

/// [m, k] · [k, n].
std::vector<double> product(const std::vector<double> &a, const std::vector<double> &b, int64_t m, int64_t k,
                            int64_t n) {
  std::vector<double> out(m * n);
  for (int64_t i = 0; i < m; i++) {
    for (int64_t l = 0; l < k; l++) {
      for (int64_t j = 0; j < n; j++) out[i * n + j] += a[i * k + l] * b[l * n + j];
    }
  }
  return out;
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

void muon_direction(Call &call) {
  const double momentum = 0.9, a = 3.4445, b = -4.775, c = 2.0315;
  bool nesterov = call.random.coin();
  int64_t iterations = call.random.range(1, 3), rows = call.random.range(1, 50), columns = call.random.range(1, 50);
  call.args = {momentum, (double)nesterov};
  call.add({iterations, rows, columns});
  size_t gradient = call.input(rows * columns), velocity = call.input(rows * columns);
  size_t out = call.output(rows * columns);
  std::vector<double> x(rows * columns);
  double squares = 0;
  for (size_t i = 0; i < x.size(); i++) {
    double g = call.values(gradient)[i], v = momentum * call.values(velocity)[i] + g;
    x[i] = nesterov ? g + momentum * v : v;
    squares += x[i] * x[i];
  }
  for (double &value : x) value /= std::max(std::sqrt(squares), 1e-7);
  for (int64_t t = 0; t < iterations; t++) {
    // Always G = X·Xᵀ, which gives the same as XᵀX from the other side.
    auto g = product(x, transposed(x, rows, columns), rows, columns, rows);
    auto powers = product(g, g, rows, rows, rows);
    for (size_t i = 0; i < g.size(); i++) powers[i] = b * g[i] + c * powers[i];
    auto moved = product(powers, x, rows, rows, columns);
    for (size_t i = 0; i < x.size(); i++) x[i] = a * x[i] + moved[i];
  }
  call.expected(out) = x;
}

void muon_update(Call &call) {
  const double momentum = 0.9;
  int64_t count = call.random.range(1, 5);
  call.args = {momentum, (double)count};
  std::vector<int64_t> sizes;
  std::vector<std::vector<size_t>> lists;
  for (int64_t p = 0; p < count; p++) sizes.push_back(call.random.range(1, call.random.coin() ? 20 : 90000));
  for (Access access : {kUpdate, kRead, kUpdate, kRead}) {
    lists.emplace_back();
    for (int64_t size : sizes) {
      lists.back().push_back(access == kRead ? call.input(size) : call.output(size, access));
    }
  }
  call.args.insert(call.args.end(), sizes.begin(), sizes.end());
  call.args.insert(call.args.end(), count, 0.1);
  call.args.insert(call.args.end(), count, 0.75);
  for (size_t p = 0; p < sizes.size(); p++) {
    for (int64_t i = 0; i < sizes[p]; i++) {
      call.expected(lists[2][p])[i] = momentum * call.values(lists[2][p])[i] + call.values(lists[1][p])[i];
      call.expected(lists[0][p])[i] = 0.75 * call.values(lists[0][p])[i] - 0.1 * call.values(lists[3][p])[i];
    }
  }
}

}  // namespace

const std::vector<Case> kOptimizerCases = {
    {"sgdUpdate", sgd}, {"adamUpdate", adam}, {"rmspropUpdate", rmsprop}, {"muonDirection", muon_direction},
    {"muonUpdate", muon_update}, {"emaUpdate", ema}};
