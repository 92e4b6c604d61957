// Softmax over rows, and the cross-entropy of it with its gradient.
#include "elementwise.h"

namespace XCP_NAMESPACE {

/// out[c] = e^(in[c] − max); returns the sum of them.
static inline float exponentials(const float *in, float *out, Index columns, float *largest) {
  float best = in[0], total = 0;
  for (Index c = 1; c < columns; c++) best = in[c] > best ? in[c] : best;
  for_lanes(0, columns, [&](auto lane, Index c) {
    using V = decltype(lane);
    V e = math::exp(V(load<V>(in + c) - best));
    store<V>(out + c, e);
    total += sum(e);
  });
  *largest = best;
  return total;
}

/// Args: x, y, rows, columns.
static void softmax(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  float *y = a.pointer();
  Index rows = a.next(), columns = a.next();
  parallel_ranges(rows, max_index(1, (4 << 10) / max_index(1, columns)), [&](Index r0, Index r1) {
    for (Index r = r0; r < r1; r++) {
      float *out = y + r * columns, largest, total = exponentials(x + r * columns, out, columns, &largest);
      for (Index c = 0; c < columns; c++) out[c] /= total;
    }
  });
}

/// Args: logits, labels (int32), loss (one value), gradient of the loss by the logits, rows, columns, label smoothing.
/// The target of a row is smoothing / columns everywhere and 1 − smoothing more on its label; the loss is the mean of
/// −Σ target · ln softmax. A label outside has no target of its own.
static void softmax_cross_entropy(const double *raw) {
  Args a(raw);
  const float *logits = a.pointer();
  const int32_t *labels = next_pointer<const int32_t>(a);
  float *loss = a.pointer(), *gradient = a.pointer();
  Index rows = a.next(), columns = a.next();
  double smoothing = a.number(), off = smoothing / (double)columns, on = 1 - smoothing;
  double *losses = (double *)xcp_scratch(kPartials, sizeof(double) * rows);
  if (!losses) return;
  parallel_ranges(rows, max_index(1, (4 << 10) / columns), [&](Index r0, Index r1) {
    for (Index r = r0; r < r1; r++) {
      const float *in = logits + r * columns;
      float *out = gradient + r * columns, largest, total = exponentials(in, out, columns, &largest);
      bool labelled = labels[r] >= 0 && labels[r] < columns;
      double weight = off * (double)columns + (labelled ? on : 0), row_loss = weight * log_double((double)total);
      if (off > 0) {
        double shifted = 0;
        for (Index c = 0; c < columns; c++) shifted += in[c] - largest;
        row_loss -= off * shifted;
      }
      float scale = (float)(weight / (total * (double)rows)), shift = (float)(off / (double)rows);
      for (Index c = 0; c < columns; c++) out[c] = out[c] * scale - shift;
      if (labelled) {
        row_loss -= on * (in[labels[r]] - largest);
        out[labels[r]] -= (float)(on / (double)rows);
      }
      losses[r] = row_loss;
    }
  });
  double total = 0;
  for (Index r = 0; r < rows; r++) total += losses[r];
  *loss = (float)(total / (double)rows);
}

}  // namespace XCP_NAMESPACE
