#include "check.h"

namespace {

/// The hash in 64-bit arithmetic, cut to 32 bits behind every step.
uint64_t low(uint64_t h) { return h % (1ull << 32); }

uint64_t mix(uint64_t h) {
  h = low((h ^ h / (1 << 16)) * 0x7feb352dull);
  h = low((h ^ h / (1 << 15)) * 0x846ca68bull);
  return h ^ h / (1 << 16);
}

uint64_t bits(uint64_t seed, uint64_t index) { return mix(low(mix(index ^ seed) + seed * 0x9e3779b9ull)); }

void dropout_mask(Call &call) {
  int64_t count = call.random.range(1, call.random.coin() ? 70 : 70000);
  int64_t seed = call.random.range(0, 0xffffffff), number = call.random.range(0, 9);
  int64_t threshold = call.random.range(0, 1 << 24);
  double kept = 1.25;
  size_t step = call.input(1, kInt), mask = call.output(count);
  call.ints(step)[0] = (int32_t)call.random.range(0, 0x7fffffff);
  call.add({count, seed, number, threshold});
  call.args.push_back(kept);
  uint64_t stream = bits(bits((uint64_t)seed, (uint64_t)call.ints(step)[0]), (uint64_t)number);
  for (int64_t i = 0; i < count; i++) {
    call.expected(mask)[i] = bits(stream, (uint64_t)i) / 256 < (uint64_t)threshold ? 0 : kept;
  }
}

}  // namespace

const std::vector<Case> kRandomCases = {{"dropoutMask", dropout_mask}};
