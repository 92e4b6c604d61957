// Updates of optimizers and of averages over all parameters in one call, in place.
#include "args.h"
#include "math.h"
#include "parameters.h"

namespace XCP_NAMESPACE {

/// The weight decay of one parameter: in the gradient, or where it is decoupled by shrinking the weight before.
struct Decay {
  float shrink, in_gradient;
  Decay(bool decoupled, double rate, double decay)
      : shrink(decoupled ? (float)(1 - rate * decay) : 1), in_gradient(decoupled ? 0 : (float)decay) {}
};

/// Args: momentum, nesterov, decoupled, count, then `count` each of parameter, gradient, velocity, size, learning rate,
/// weight decay. v = momentum·v + g; w −= rate·(nesterov ? g + momentum·v : v), as torch.optim.SGD.
static void sgd_update(const double *raw) {
  Args a(raw);
  float momentum = (float)a.number();
  bool nesterov = a.next(), decoupled = a.next();
  Index count = a.next();
  const double *parameters = a.at, *gradients = parameters + count, *velocities = gradients + count,
               *sizes = velocities + count, *rates = sizes + count, *decays = rates + count;
  for_parameters(count, sizes, [&](Index p, Index begin, Index end) {
    float *w = (float *)(uintptr_t)parameters[p], *v = (float *)(uintptr_t)velocities[p];
    const float *dw = (const float *)(uintptr_t)gradients[p];
    float rate = (float)rates[p];
    Decay decay(decoupled, rates[p], decays[p]);
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      V weight = load<V>(w + i) * decay.shrink, g = load<V>(dw + i) + decay.in_gradient * weight;
      V velocity = momentum * load<V>(v + i) + g;
      store<V>(v + i, velocity);
      store<V>(w + i, weight - rate * (nesterov ? g + momentum * velocity : velocity));
    });
  });
}

/// beta^step for a whole step, by squaring: no C library has to be there for it.
static inline double power_of(double beta, double step) {
  double power = 1;
  for (uint64_t n = (uint64_t)step; n; n >>= 1, beta *= beta) {
    if (n & 1) power *= beta;
  }
  return power;
}

/// Args: beta1, beta2, epsilon, step (from 1), decoupled, count, then `count` each of parameter, gradient, first
/// moment, second moment, size, learning rate, weight decay; as torch.optim.Adam, or AdamW where it is decoupled.
static void adam_update(const double *raw) {
  Args a(raw);
  double beta1 = a.number(), beta2 = a.number(), epsilon = a.number(), step = a.number();
  bool decoupled = a.next();
  Index count = a.next();
  const double *parameters = a.at, *gradients = parameters + count, *firsts = gradients + count,
               *seconds = firsts + count, *sizes = seconds + count, *rates = sizes + count, *decays = rates + count;
  float b1 = (float)beta1, b2 = (float)beta2, one_minus_b1 = (float)(1 - beta1), one_minus_b2 = (float)(1 - beta2);
  double first_correction = 1 - power_of(beta1, step);
  float eps = (float)epsilon, correction = (float)(1 / __builtin_sqrt(1 - power_of(beta2, step)));
  for_parameters(count, sizes, [&](Index p, Index begin, Index end) {
    float *w = (float *)(uintptr_t)parameters[p];
    float *m = (float *)(uintptr_t)firsts[p], *s = (float *)(uintptr_t)seconds[p];
    const float *dw = (const float *)(uintptr_t)gradients[p];
    float step_size = (float)(rates[p] / first_correction);
    Decay decay(decoupled, rates[p], decays[p]);
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      V weight = load<V>(w + i) * decay.shrink, g = load<V>(dw + i) + decay.in_gradient * weight;
      V first = b1 * load<V>(m + i) + one_minus_b1 * g, second = b2 * load<V>(s + i) + one_minus_b2 * (g * g);
      store<V>(m + i, first);
      store<V>(s + i, second);
      store<V>(w + i, weight - step_size * first / (math::sqrt(second) * correction + eps));
    });
  });
}

/// Args: rho, momentum, epsilon, epsilon in root, decoupled, count, then `count` each of parameter, gradient, mean
/// square, velocity, size, learning rate, weight decay. s = rho·s + (1 − rho)·g²; v = momentum·v + g / (√s + epsilon),
/// or g / √(s + epsilon); w −= rate·v, as torch.optim.RMSprop.
static void rmsprop_update(const double *raw) {
  Args a(raw);
  double rho = a.number(), momentum = a.number(), epsilon = a.number();
  bool in_root = a.next(), decoupled = a.next();
  Index count = a.next();
  const double *parameters = a.at, *gradients = parameters + count, *squares = gradients + count,
               *velocities = squares + count, *sizes = velocities + count, *rates = sizes + count,
               *decays = rates + count;
  float keep = (float)rho, take = (float)(1 - rho), velocity_kept = (float)momentum;
  float inside = in_root ? (float)epsilon : 0, outside = in_root ? 0 : (float)epsilon;
  for_parameters(count, sizes, [&](Index p, Index begin, Index end) {
    float *w = (float *)(uintptr_t)parameters[p];
    float *s = (float *)(uintptr_t)squares[p], *v = (float *)(uintptr_t)velocities[p];
    const float *dw = (const float *)(uintptr_t)gradients[p];
    float rate = (float)rates[p];
    Decay decay(decoupled, rates[p], decays[p]);
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      V weight = load<V>(w + i) * decay.shrink, g = load<V>(dw + i) + decay.in_gradient * weight;
      V square = keep * load<V>(s + i) + take * (g * g);
      V velocity = velocity_kept * load<V>(v + i) + g / (math::sqrt(square + inside) + outside);
      store<V>(s + i, square);
      store<V>(v + i, velocity);
      store<V>(w + i, weight - rate * velocity);
    });
  });
}

/// Args: decay, count, then `count` each of average, value, size. average += (1 − decay)·(value − average), so that an
/// average that has reached its value stays there to the bit.
static void ema_update(const double *raw) {
  Args a(raw);
  float take = (float)(1 - a.number());
  Index count = a.next();
  const double *averages = a.at, *values = averages + count, *sizes = values + count;
  for_parameters(count, sizes, [&](Index p, Index begin, Index end) {
    float *average = (float *)(uintptr_t)averages[p];
    const float *value = (const float *)(uintptr_t)values[p];
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      V before = load<V>(average + i);
      store<V>(average + i, before + take * (load<V>(value + i) - before));
    });
  });
}

}  // namespace XCP_NAMESPACE
