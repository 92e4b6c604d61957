// The update of Muon: momentum whose matrices are made nearly orthogonal.
#include "args.h"
#include "gemm.h"
#include "parameters.h"

namespace XCP_NAMESPACE {

/// out[i] = a · x[i] + b · y[i]; `out` may be `x` or `y`.
static inline void blend(Index count, float a, const float *x, float b, const float *y, float *out) {
  parallel_ranges(count, 16 << 10, [&](Index begin, Index end) {
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      store<V>(out + i, a * load<V>(x + i) + b * load<V>(y + i));
    });
  });
}

/// 1 / max(‖x‖, 1e-7), the sum of squares in double precision.
static inline float inverse_norm(const float *x, Index count) {
  double squares = 0;
  for (Index begin = 0; begin < count; begin += 1 << 10) {
    float piece = 0;
    vec lanes = {};
    for_lanes(begin, min_index(count, begin + (1 << 10)), [&](auto lane, Index i) {
      using V = decltype(lane);
      V v = load<V>(x + i);
      if constexpr (sizeof(V) == sizeof(vec)) lanes += v * v;
      else piece += sum(v * v);
    });
    squares += sum(lanes) + piece;
  }
  double norm = __builtin_sqrt(squares);
  return (float)(1 / (norm > 1e-7 ? norm : 1e-7));
}

/// Args: momentum, nesterov, iterations, rows, columns, gradient, velocity, out. The velocity of this step, or with
/// Nesterov's form what it steps along, divided by its norm and brought towards U·Vᵀ of its singular value
/// decomposition by iterations of Newton and Schulz: X ← aX + (bG + cG²)X, where G = X·Xᵀ of the smaller side.
static void muon_direction(const double *raw) {
  Args args(raw);
  float momentum = (float)args.number();
  bool nesterov = args.next();
  Index iterations = args.next(), rows = args.next(), columns = args.next();
  const float *gradient = args.pointer(), *velocity = args.pointer();
  float *out = args.pointer();
  Index count = rows * columns, side = min_index(rows, columns);
  float *scratch = (float *)xcp_scratch(kMatrices, sizeof(float) * (count + 2 * side * side));
  if (!scratch) return;
  float *x = out, *next = scratch, *gram = scratch + count, *powers = gram + side * side;

  // The new velocity is momentum · v + g.
  float kept = nesterov ? momentum * momentum : momentum, taken = nesterov ? 1 + momentum : 1;
  blend(count, taken, gradient, kept, velocity, x);
  float scale = inverse_norm(x, count);
  blend(count, scale, x, 0, x, x);
  for (Index i = 0; i < iterations; i++) {
    constexpr float a = 3.4445f, b = -4.775f, c = 2.0315f;
    if (rows > columns) gemm(side, side, rows, PackAlong{x, columns}, PackAlong{x, columns}, gram, side);
    else gemm(side, side, columns, PackAcross{x, columns}, PackAcross{x, columns}, gram, side);
    gemm(side, side, side, PackAcross{gram, side}, PackAlong{gram, side}, powers, side);
    blend(side * side, b, gram, c, powers, powers);
    if (rows > columns) gemm(rows, columns, side, PackAcross{x, columns}, PackAlong{powers, side}, next, columns);
    else gemm(rows, columns, side, PackAcross{powers, side}, PackAlong{x, columns}, next, columns);
    blend(count, a, x, 1, next, x);
  }
}

/// Args: momentum, count, then `count` each of parameter, gradient, velocity, direction, size, step size, what is kept
/// of the weight. v = momentum·v + g; w = kept·w − step·direction.
static void muon_update(const double *raw) {
  Args a(raw);
  float momentum = (float)a.number();
  Index count = a.next();
  const double *parameters = a.at, *gradients = parameters + count, *velocities = gradients + count,
               *directions = velocities + count, *sizes = directions + count, *steps = sizes + count,
               *kept = steps + count;
  for_parameters(count, sizes, [&](Index p, Index begin, Index end) {
    float *w = (float *)(uintptr_t)parameters[p], *v = (float *)(uintptr_t)velocities[p];
    const float *g = (const float *)(uintptr_t)gradients[p], *d = (const float *)(uintptr_t)directions[p];
    float keep = (float)kept[p], step = (float)steps[p];
    for_lanes(begin, end, [&](auto lane, Index i) {
      using V = decltype(lane);
      store<V>(v + i, momentum * load<V>(v + i) + load<V>(g + i));
      store<V>(w + i, keep * load<V>(w + i) - step * load<V>(d + i));
    });
  });
}

}  // namespace XCP_NAMESPACE
