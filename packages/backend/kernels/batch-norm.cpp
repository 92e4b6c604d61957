// Batch normalization over rows × channels: training (batch statistics, moving averages in place), its gradient, and
// inference. Ioffe and Szegedy, "Batch Normalization" (2015).
#include "args.h"
#include "gemm.h"

namespace XCP_NAMESPACE {

/// Rows in one chunk: a chunk is read twice and stays in cache between.
static inline Index chunk_rows(Index channels) { return max_index(4, (32 << 10) / channels); }

/// Adds `value(v, row, c)` over rows [r0, r1) to `out`, four rows at a time.
template <class F>
static inline void sum_rows(float *out, Index r0, Index r1, Index channels, F value) {
  Index r = r0;
  for (; r + 4 <= r1; r += 4) {
    for_lanes(0, channels, [&](auto v, Index c) {
      using V = decltype(v);
      store<V>(out + c, load<V>(out + c) +
                            ((value(v, r, c) + value(v, r + 1, c)) + (value(v, r + 2, c) + value(v, r + 3, c))));
    });
  }
  for (; r < r1; r++) {
    for_lanes(0, channels, [&](auto v, Index c) {
      using V = decltype(v);
      store<V>(out + c, load<V>(out + c) + value(v, r, c));
    });
  }
}

/// Mean and variance (biased) of each channel: per chunk in two passes, chunks merged in order (Chan et al. 1979).
/// False where scratch is refused.
static bool moments(const float *x, Index rows, Index channels, double *mean, double *variance) {
  Index size = chunk_rows(channels), chunks = ceil_div(rows, size);
  float *partials = (float *)xcp_scratch(kPartials, sizeof(float) * chunks * 2 * channels);
  if (!partials) return false;
  parallel_for(chunks, [&](Index i) {
    Index r0 = i * size, r1 = min_index(rows, r0 + size);
    float *m = partials + i * 2 * channels, *m2 = m + channels;
    __builtin_memset(m, 0, sizeof(float) * 2 * channels);
    sum_rows(m, r0, r1, channels, [&](auto v, Index r, Index c) { return load<decltype(v)>(x + r * channels + c); });
    for (Index c = 0; c < channels; c++) m[c] /= (float)(r1 - r0);
    sum_rows(m2, r0, r1, channels, [&](auto v, Index r, Index c) {
      using V = decltype(v);
      V d = load<V>(x + r * channels + c) - load<V>(m + c);
      return d * d;
    });
  });
  for (Index c = 0; c < channels; c++) mean[c] = variance[c] = 0;
  for (Index i = 0; i < chunks; i++) {
    double before = (double)i * size, count = (double)(min_index(rows, (i + 1) * size) - i * size);
    const float *m = partials + i * 2 * channels, *m2 = m + channels;
    for (Index c = 0; c < channels; c++) {
      double delta = m[c] - mean[c];
      mean[c] += delta * count / (before + count);
      variance[c] += m2[c] + delta * delta * before * count / (before + count);
    }
  }
  for (Index c = 0; c < channels; c++) variance[c] /= (double)rows;
  return true;
}

static void scale_and_shift(const float *x, float *y, Index rows, Index channels, const float *scale, const float *shift,
                            bool relu) {
  parallel_ranges(rows, chunk_rows(channels), [&](Index r0, Index r1) {
    for (Index r = r0; r < r1; r++) {
      for_lanes(0, channels, [&](auto v, Index c) {
        using V = decltype(v);
        V out = load<V>(x + r * channels + c) * load<V>(scale + c) + load<V>(shift + c);
        store<V>(y + r * channels + c, activate(out, relu ? kRelu : kLinear));
      });
    }
  });
}

/// Args: x, gamma, beta, movingMean, movingVariance, y, mean, invStd, rows, channels, momentum, epsilon, relu,
/// unbiasedVariance: whether the moving variance, though not y, takes the unbiased estimate. With a momentum of 1
/// nothing moves, not even by what is infinite.
static void batch_norm_train(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *gamma = a.pointer(), *beta = a.pointer();
  float *moving_mean = a.pointer(), *moving_variance = a.pointer();
  float *y = a.pointer(), *mean = a.pointer(), *inv_std = a.pointer();
  Index rows = a.next(), channels = a.next();
  double momentum = a.number(), epsilon = a.number();
  bool relu = a.next(), unbiased = a.next();
  // Of a single row the variance is 0, whatever it is multiplied by.
  double correction = unbiased && rows > 1 ? (double)rows / (double)(rows - 1) : 1;
  double *statistics = (double *)xcp_scratch(kSharedA, sizeof(double) * 3 * channels);
  if (!statistics) return;
  double *batch_mean = statistics, *variance = statistics + channels;
  float *scale = (float *)(statistics + 2 * channels), *shift = scale + channels;
  if (!moments(x, rows, channels, batch_mean, variance)) return;
  for (Index c = 0; c < channels; c++) {
    double inverse = 1.0 / __builtin_sqrt(variance[c] + epsilon);
    mean[c] = (float)batch_mean[c], inv_std[c] = (float)inverse;
    if (momentum < 1) {
      moving_mean[c] = (float)(moving_mean[c] * momentum + batch_mean[c] * (1 - momentum));
      moving_variance[c] = (float)(moving_variance[c] * momentum + variance[c] * correction * (1 - momentum));
    }
    scale[c] = (float)(gamma[c] * inverse);
    shift[c] = (float)(beta[c] - batch_mean[c] * gamma[c] * inverse);
  }
  scale_and_shift(x, y, rows, channels, scale, shift, relu);
}

/// Args: x, mean, variance, offset (0: none), scale (0: none), y, rows, channels, epsilon.
static void batch_norm_inference(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *mean = a.pointer(), *variance = a.pointer(), *beta = a.pointer(),
              *gamma = a.pointer();
  float *y = a.pointer();
  Index rows = a.next(), channels = a.next();
  double epsilon = a.number();
  float *scale = (float *)xcp_scratch(kSharedA, sizeof(float) * 2 * channels);
  if (!scale) return;
  float *shift = scale + channels;
  for (Index c = 0; c < channels; c++) {
    double factor = (gamma ? gamma[c] : 1.0) / __builtin_sqrt(variance[c] + epsilon);
    scale[c] = (float)factor;
    shift[c] = (float)((beta ? beta[c] : 0.0) - mean[c] * factor);
  }
  scale_and_shift(x, y, rows, channels, scale, shift, false);
}

/// Batch normalization after a convolution and its bias as a scale of the filter's columns and a new bias.
/// Args: mean, variance, offset (0: none), gamma (0: none), bias (0: none), scale, shift, channels, epsilon.
static void fold_batch_norm(const double *raw) {
  Args a(raw);
  const float *mean = a.pointer(), *variance = a.pointer(), *beta = a.pointer(), *gamma = a.pointer(),
              *bias = a.pointer();
  float *scale = a.pointer(), *shift = a.pointer();
  Index channels = a.next();
  double epsilon = a.number();
  for (Index c = 0; c < channels; c++) {
    double factor = (gamma ? gamma[c] : 1.0) / __builtin_sqrt(variance[c] + epsilon);
    scale[c] = (float)factor;
    shift[c] = (float)((beta ? beta[c] : 0.0) + ((bias ? bias[c] : 0.0) - mean[c]) * factor);
  }
}

/// Args: x, y, dy, gamma, mean, invStd, dx, dgamma, dbeta, rows, channels, relu.
static void batch_norm_train_gradient(const double *raw) {
  Args a(raw);
  const float *x = a.pointer(), *y = a.pointer(), *dy = a.pointer(), *gamma = a.pointer(), *mean = a.pointer(),
              *inv_std = a.pointer();
  float *dx = a.pointer(), *dgamma = a.pointer(), *dbeta = a.pointer();
  Index rows = a.next(), channels = a.next();
  bool relu = a.next();
  auto gradient = [=](auto v, Index i) {
    using V = decltype(v);
    V d = load<V>(dy + i);
    return relu ? (load<V>(y + i) > 0 ? d : V{}) : d;
  };
  Index size = chunk_rows(channels), chunks = ceil_div(rows, size);
  float *partials = (float *)xcp_scratch(kPartials, sizeof(float) * chunks * 2 * channels);
  if (!partials) return;
  parallel_for(chunks, [&](Index i) {
    Index r0 = i * size, r1 = min_index(rows, r0 + size);
    float *sum_dy = partials + i * 2 * channels, *sum_dy_x = sum_dy + channels;
    __builtin_memset(sum_dy, 0, sizeof(float) * 2 * channels);
    for (Index r = r0; r < r1; r += 4) {
      Index count = min_index(4, r1 - r);
      for_lanes(0, channels, [&](auto v, Index c) {
        using V = decltype(v);
        V of_dy{}, of_dy_x{}, m = load<V>(mean + c);
        for (Index i = r * channels + c; i < (r + count) * channels; i += channels) {
          V d = gradient(v, i);
          of_dy += d, of_dy_x += d * (load<V>(x + i) - m);
        }
        store<V>(sum_dy + c, load<V>(sum_dy + c) + of_dy);
        store<V>(sum_dy_x + c, load<V>(sum_dy_x + c) + of_dy_x);
      });
    }
  });
  // dx = of_dy·dy + of_x·x + constant
  double *sums = (double *)xcp_scratch(kSharedA, (2 * sizeof(double) + 3 * sizeof(float)) * channels);
  if (!sums) return;
  for (Index j = 0; j < 2 * channels; j++) sums[j] = 0;
  for (Index i = 0; i < chunks; i++) {
    for (Index j = 0; j < 2 * channels; j++) sums[j] += partials[i * 2 * channels + j];
  }
  float *of_dy = (float *)(sums + 2 * channels), *of_x = of_dy + channels, *constant = of_x + channels;
  for (Index c = 0; c < channels; c++) {
    double sum_dy = sums[c], sum_dy_x = sums[channels + c];
    double inverse = inv_std[c], projection = sum_dy_x * inverse * inverse / (double)rows;
    dbeta[c] = (float)sum_dy, dgamma[c] = (float)(sum_dy_x * inverse);
    of_dy[c] = (float)(gamma[c] * inverse);
    of_x[c] = (float)(-gamma[c] * inverse * projection);
    constant[c] = (float)(gamma[c] * inverse * (mean[c] * projection - sum_dy / (double)rows));
  }
  parallel_ranges(rows, size, [&](Index r0, Index r1) {
    for (Index r = r0; r < r1; r++) {
      for_lanes(0, channels, [&](auto v, Index c) {
        using V = decltype(v);
        Index i = r * channels + c;
        store<V>(dx + i, gradient(v, i) * load<V>(of_dy + c) + load<V>(x + i) * load<V>(of_x + c) +
                             load<V>(constant + c));
      });
    }
  });
}

}  // namespace XCP_NAMESPACE
