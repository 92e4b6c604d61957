// Work on all parameters of a model in one call.
#pragma once
#include "gemm.h"

namespace XCP_NAMESPACE {

/// Cuts every parameter into pieces and calls `f(parameter, begin, end)` for each. `sizes` has one count each.
template <class F>
static void for_parameters(Index count, const double *sizes, F f) {
  constexpr Index kPiece = 32 << 10;
  Index tasks = 0;
  for (Index p = 0; p < count; p++) tasks += ceil_div((Index)sizes[p], kPiece);
  // starts[p]: the number of the parameter's first task
  Index *starts = (Index *)xcp_scratch(kSharedA, sizeof(Index) * (count + 1));
  if (!starts) return;
  starts[0] = 0;
  for (Index p = 0; p < count; p++) starts[p + 1] = starts[p] + ceil_div((Index)sizes[p], kPiece);
  parallel_for(tasks, [&](Index task) {
    Index low = 0, high = count;
    while (high - low > 1) {
      Index middle = (low + high) / 2;
      if (starts[middle] <= task) low = middle;
      else high = middle;
    }
    Index begin = (task - starts[low]) * kPiece;
    f(low, begin, min_index(begin + kPiece, (Index)sizes[low]));
  });
}

}  // namespace XCP_NAMESPACE
