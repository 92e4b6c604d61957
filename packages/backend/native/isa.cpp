// Chooses the kernels for this processor.
#include "isa.h"

#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>

extern "C" const KernelEntry xcp_table_baseline[], xcp_table_avx2[], xcp_table_avx512[];

namespace {

// Asked directly: `__builtin_cpu_supports` needs a run-time library that clang-cl does not link.
struct Processor {
  bool avx2 = false, avx512 = false;

  Processor() {
    unsigned eax, ebx, ecx, edx;
    constexpr unsigned kFma = 1u << 12, kSavesState = 1u << 27, kAvx = 1u << 28;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return;
    if ((ecx & (kFma | kSavesState | kAvx)) != (kFma | kSavesState | kAvx)) return;
    // Which registers the system saves when it switches threads.
    unsigned saved, high;
    __asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    bool saves_256 = (saved & 0x06) == 0x06, saves_512 = (saved & 0xe6) == 0xe6;
#if defined(__APPLE__)
    saves_512 = saves_256;  // from a thread's first use on
#endif
    if (!saves_256 || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return;
    avx2 = ebx >> 5 & 1;
    constexpr unsigned kF = 1u << 16, kDq = 1u << 17, kBw = 1u << 30, kVl = 1u << 31;
    avx512 = avx2 && saves_512 && (ebx & (kF | kDq | kBw | kVl)) == (kF | kDq | kBw | kVl);
  }
};

const Processor &processor() {
  static const Processor instance;
  return instance;
}

const Isa kIsas[] = {
    {"avx512", xcp_table_avx512, [] { return processor().avx512; }},
    {"avx2", xcp_table_avx2, [] { return processor().avx2; }},
    {"baseline", xcp_table_baseline, [] { return true; }},
};

}  // namespace
#else
extern "C" const KernelEntry xcp_table_baseline[];

static const Isa kIsas[] = {
#if defined(__aarch64__)
    {"neon", xcp_table_baseline, [] { return true; }},  // every 64-bit ARM has it
#endif
    {"baseline", xcp_table_baseline, [] { return true; }},
};
#endif

const Isa *choose_isa(const char *name) {
  for (const Isa &isa : kIsas) {
    if (isa.supported() && (!*name || !strcmp(name, isa.name))) return &isa;
  }
  return nullptr;
}
