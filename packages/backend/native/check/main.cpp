// Usage: check [rounds] [seed] [instruction set]. Ends with 1 where anything is wrong, and says what.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../isa.h"
#include "../memory.h"
#include "../scratch.h"
#include "../threads.h"
#include "check.h"
#include "pool.h"

namespace {

int failures = 0;

void fail(const char *isa, const char *kernel, uint64_t seed, const char *what) {
  printf("FAILED %s %s (seed %llu): %s\n", isa, kernel, (unsigned long long)seed, what);
  failures++;
}

/// Columns of a panel of a packed filter: two vectors.
int64_t panel_columns(const Isa &isa) { return !strcmp(isa.name, "avx512") ? 32 : !strcmp(isa.name, "avx2") ? 16 : 8; }

void restore(Call &call, const std::vector<Tensor> &from) {
  for (size_t t = 0; t < from.size(); t++) memcpy(call.tensors[t].data(), from[t].data(), from[t].bytes());
}

void check(const Isa &isa, const KernelEntry &kernel, const Case &c, uint64_t seed) {
  Random random(seed);
  Call call(random, panel_columns(isa));
  c.make(call);
  const std::vector<Tensor> before = call.tensors;
  std::vector<Tensor> first;
  for (int threads : {1, 2, 3, 8}) {
    restore(call, before);
    set_threads(threads);
    current_refusal()->store(0);
    kernel.run(call.args.data());
    if (current_refusal()->load()) return fail(isa.name, c.kernel, seed, "scratch was refused");
    for (size_t t = 0; t < call.tensors.size(); t++) {
      const Tensor &tensor = call.tensors[t];
      if (tensor.access == kRead && !tensor.same_bits(before[t])) {
        return fail(isa.name, c.kernel, seed, "an input was written to");
      }
      if (tensor.access != kRead && first.empty() && !tensor.is_close(call.tolerance)) {
        return fail(isa.name, c.kernel, seed, "differs from the naive loops");
      }
      if (!first.empty() && !tensor.same_bits(first[t])) {
        return fail(isa.name, c.kernel, seed, "depends on the number of threads");
      }
    }
    if (first.empty()) first = call.tensors;
  }
  for (long allowed = 0;; allowed++) {
    restore(call, before);
    current_refusal()->store(0);
    refuse_scratch_after(allowed);
    kernel.run(call.args.data());
    refuse_scratch_after(-1);
    if (!current_refusal()->load()) return;
    for (size_t t = 0; t < call.tensors.size(); t++) {
      if (call.tensors[t].access != kWrite && !call.tensors[t].same_bits(before[t])) {
        return fail(isa.name, c.kernel, seed, "was refused scratch after it had updated a tensor in place");
      }
    }
  }
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto *cases : {&kConvCases, &kDepthwiseCases, &kNormCases, &kPoolCases, &kRandomCases, &kUnaryCases,
                      &kBinaryCases, &kCopyCases, &kReduceCases, &kResizeCases, &kSoftmaxCases, &kOptimizerCases}) {
    all.insert(all.end(), cases->begin(), cases->end());
  }
  return all;
}

void check_isa(const Isa &isa, int rounds, uint64_t seed) {
  int kernels = 0, calls = 0;
  const std::vector<Case> cases = all_cases();
  for (const KernelEntry *kernel = isa.table; kernel->name; kernel++, kernels++) {
    bool covered = false;
    for (const Case &c : cases) {
      if (strcmp(c.kernel, kernel->name)) continue;
      covered = true;
      for (int round = 0; round < rounds; round++, calls++) check(isa, *kernel, c, seed + (uint64_t)round);
    }
    if (!covered) printf("no case: %s\n", kernel->name);
  }
  printf("%s: %d kernels, %d calls\n", isa.name, kernels, calls);
}

}  // namespace

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 20;
  uint64_t seed = argc > 2 ? strtoull(argv[2], nullptr, 10) : 1;
  bool any = false;
  for (const char *name : {"avx512", "avx2", "baseline"}) {
    if (argc > 3 && strcmp(argv[3], name)) continue;
    const Isa *isa = choose_isa(name);
    if (!isa) continue;
    any = true;
    check_isa(*isa, rounds, seed);
  }
  if (!any) {
    printf("FAILED: this processor or build lacks the instruction set asked for\n");
    failures++;
  }
  if (const char *wrong = check_pool(rounds)) printf("FAILED pool: %s\n", wrong), failures++;
  set_threads(1);
  trim_scratch();
  if (memory_held()) printf("FAILED: %zu bytes of scratch are still held\n", memory_held()), failures++;
  printf(failures ? "%d failures\n" : "all is well\n", failures);
  return failures ? 1 : 0;
}
