// Usage: check [rounds] [seed] [instruction set]. Ends with 1 where anything is wrong, and says what.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../isa.h"
#include "../memory.h"
#include "../scratch.h"
#include "../threads.h"
#include "check.h"
#include "pool.h"

size_t Call::input(int64_t size) {
  size_t index = output(size, kRead);
  return index;
}

size_t Call::output(int64_t size, Access access) {
  Tensor tensor{std::vector<float>((size_t)size), access, {}};
  // What is only written starts as NaN: a place that the kernel misses shows.
  for (float &v : tensor.values) v = access == kWrite ? NAN : random.value();
  if (access != kRead) tensor.expected.assign((size_t)size, 0);
  tensors.push_back(static_cast<Tensor &&>(tensor));
  args.push_back((double)(uintptr_t)tensors.back().values.data());
  return tensors.size() - 1;
}

namespace {

int failures = 0;

void fail(const char *isa, const char *kernel, uint64_t seed, const char *what) {
  printf("FAILED %s %s (seed %llu): %s\n", isa, kernel, (unsigned long long)seed, what);
  failures++;
}

bool same_bits(const std::vector<float> &a, const std::vector<float> &b) {
  return memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

bool close(const Tensor &tensor, double tolerance) {
  double scale = 1e-3;
  for (double e : tensor.expected) {
    if (std::isfinite(e)) scale = std::fmax(scale, std::fabs(e));
  }
  for (size_t i = 0; i < tensor.expected.size(); i++) {
    double e = tensor.expected[i], v = tensor.values[i];
    if (e == v || (std::isnan(e) && std::isnan(v))) continue;
    if (!(std::fabs(e - v) <= tolerance * scale)) return false;
  }
  return true;
}

void restore(Call &call, const std::vector<Tensor> &from) {
  for (size_t t = 0; t < from.size(); t++) {
    memcpy(call.values(t).data(), from[t].values.data(), from[t].values.size() * sizeof(float));
  }
}

void check(const Isa &isa, const KernelEntry &kernel, const Case &c, uint64_t seed) {
  Random random(seed);
  Call call(random);
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
      if (tensor.access == kRead && !same_bits(tensor.values, before[t].values)) {
        return fail(isa.name, c.kernel, seed, "an input was written to");
      }
      if (tensor.access != kRead && first.empty() && !close(tensor, call.tolerance)) {
        return fail(isa.name, c.kernel, seed, "differs from the naive loops");
      }
      if (!first.empty() && !same_bits(tensor.values, first[t].values)) {
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
      if (call.tensors[t].access != kWrite && !same_bits(call.values(t), before[t].values)) {
        return fail(isa.name, c.kernel, seed, "was refused scratch after it had updated a tensor in place");
      }
    }
  }
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto *cases : {&kConvCases, &kDepthwiseCases, &kNormCases, &kPoolCases, &kElementwiseCases, &kReduceCases,
                      &kOptimizerCases}) {
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
