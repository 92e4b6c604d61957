// Memory from the system, counted against one limit for the process: big pieces for the allocator in TypeScript, on
// huge pages where the system has them, and the kernels' scratch.
#include "memory.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#if defined(_WIN32)
#include <malloc.h>
#elif defined(__linux__)
#include <sys/mman.h>
#endif

namespace {

constexpr size_t kAlignment = 64, kHugePage = 2 << 20;

std::atomic<size_t> held{0};
std::atomic<size_t> limit{SIZE_MAX};

/// Counts `bytes` in before they are asked for, so that threads cannot pass the limit together.
bool count_in(size_t bytes) {
  size_t now = held.load(), most = limit.load();
  do {
    if (bytes > most || now > most - bytes) return false;
  } while (!held.compare_exchange_weak(now, now + bytes));
  return true;
}

void *from_system(size_t bytes) {
#if defined(_WIN32)
  return _aligned_malloc(bytes, kAlignment);
#else
  void *memory = nullptr;
  if (posix_memalign(&memory, bytes >= kHugePage ? kHugePage : kAlignment, bytes)) return nullptr;
#if defined(__linux__)
  // Advice only: where huge pages are switched off the memory serves as it is.
  if (bytes >= kHugePage) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
#endif
}

}  // namespace

void set_memory_limit(double bytes) { limit.store(bytes < (double)SIZE_MAX ? (size_t)bytes : SIZE_MAX); }

void *reserve_memory(size_t bytes) {
  if (!count_in(bytes)) return nullptr;
  void *memory = from_system(bytes);
  if (!memory) held.fetch_sub(bytes);
  return memory;
}

void release_memory(void *memory, size_t bytes) {
  if (!memory) return;
#if defined(_WIN32)
  _aligned_free(memory);
#else
  free(memory);
#endif
  held.fetch_sub(bytes);
}

size_t memory_held() { return held.load(); }
