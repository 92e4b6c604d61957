// Masks of random numbers that are functions of where they stand, the same on every engine: `@xcp/layers` computes
// them in JavaScript elsewhere (packages/layers/src/random.ts), to the same bits.
#include "elementwise.h"

namespace XCP_NAMESPACE {

/// A bijection of 32-bit integers in which every input bit flips every output bit about half the time.
static inline uint32_t mix(uint32_t h) {
  h = (h ^ h >> 16) * 0x7feb352d;
  h = (h ^ h >> 15) * 0x846ca68b;
  return h ^ h >> 16;
}

/// The bits at `index` of the stream `seed`.
static inline uint32_t random_bits(uint32_t seed, uint32_t index) {
  return mix(mix(index ^ seed) + seed * 0x9e3779b9);
}

/// Args: step (int32, one value), mask, count, seed, call, threshold, kept. An element is 0 where its 24 bits lie below
/// the threshold, else `kept`.
static void dropout_mask(const double *raw) {
  Args a(raw);
  uint32_t step = (uint32_t)*next_pointer<const int32_t>(a);
  float *mask = a.pointer();
  Index count = a.next();
  uint32_t seed = (uint32_t)a.number(), call = (uint32_t)a.number(), threshold = (uint32_t)a.number();
  float kept = (float)a.number();
  uint32_t stream = random_bits(random_bits(seed, step), call);
  parallel_ranges(count, kGrain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) mask[i] = random_bits(stream, (uint32_t)i) >> 8 < threshold ? 0 : kept;
  });
}

}  // namespace XCP_NAMESPACE
