// Chooses the kernels for this processor.
#include "isa.h"

#include <cstring>

#if defined(__x86_64__)
extern "C" const KernelEntry xcp_table_baseline[], xcp_table_avx2[], xcp_table_avx512[];

static const Isa kIsas[] = {
    {"avx512", xcp_table_avx512,
     []() -> bool {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
     }},
    {"avx2", xcp_table_avx2, []() -> bool { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }},
    {"baseline", xcp_table_baseline, [] { return true; }},
};
#else
extern "C" const KernelEntry xcp_table_baseline[];

static const Isa kIsas[] = {{"baseline", xcp_table_baseline, [] { return true; }}};
#endif

const Isa *choose_isa(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  for (const Isa &isa : kIsas) {
    if (isa.supported() && (!*name || !strcmp(name, isa.name))) return &isa;
  }
  return nullptr;
}
