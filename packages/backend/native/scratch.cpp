// Scratch memory of kernels: some buffers for each thread, kept from call to call. A refused request gives null; the
// kernel returns at once, and what it was refused is read afterwards where the kernel was called.
#include "scratch.h"

#include <mutex>

#include "memory.h"

namespace {

constexpr int kSlots = 16;

std::mutex registry;  // of the adopted
std::atomic<size_t> held{0};
std::atomic<long> until_refusal{-1};

struct Scratch {
  void *data[kSlots] = {};
  size_t size[kSlots] = {};
  Scratch *previous = nullptr, *next = nullptr;
  bool adopted = false;

  void drop(int slot) {
    release_memory(data[slot], size[slot]);
    held.fetch_sub(size[slot]);
    data[slot] = nullptr, size[slot] = 0;
  }
  void drop_all() {
    for (int slot = 0; slot < kSlots; slot++) drop(slot);
  }
  ~Scratch() {
    drop_all();
    if (!adopted) return;
    std::lock_guard<std::mutex> lock(registry);
    (previous ? previous->next : first) = next;
    if (next) next->previous = previous;
  }
  static Scratch *first;
};

Scratch *Scratch::first = nullptr;

thread_local Scratch scratch;
thread_local Refusal own_refusal{0};
thread_local Refusal *refusal = nullptr;

bool refused_for_a_check() {
  if (until_refusal.load(std::memory_order_relaxed) < 0) return false;
  long left = until_refusal.fetch_sub(1);
  if (left > 0) return false;
  until_refusal.store(0);
  return true;
}

}  // namespace

Refusal *current_refusal() { return refusal ? refusal : &own_refusal; }

void set_current_refusal(Refusal *where) { refusal = where; }

size_t scratch_held() { return held.load(); }

void adopt_scratch() {
  std::lock_guard<std::mutex> lock(registry);
  scratch.adopted = true;
  scratch.next = Scratch::first;
  if (Scratch::first) Scratch::first->previous = &scratch;
  Scratch::first = &scratch;
}

void free_idle_scratch() {
  scratch.drop_all();
  std::lock_guard<std::mutex> lock(registry);
  for (Scratch *each = Scratch::first; each; each = each->next) each->drop_all();
}

void refuse_scratch_after(long requests) { until_refusal.store(requests); }

extern "C" void *xcp_scratch(int slot, size_t bytes) {
  if (refused_for_a_check()) {
    current_refusal()->store(bytes ? bytes : 1);
    return nullptr;
  }
#if defined(XCP_EXACT_SCRATCH)
  // For sanitizers: no room that was not asked for, and nothing left from the call before.
  const size_t sizes[] = {bytes};
#else
  if (scratch.size[slot] >= bytes && scratch.data[slot]) return scratch.data[slot];
  // A quarter more than asked for: shapes that grow a little from call to call find room.
  const size_t least = bytes / 64 * 64 + 64, sizes[] = {least + least / 4 / 64 * 64, least};
#endif
  scratch.drop(slot);
  for (size_t size : sizes) {
    void *memory = reserve_memory(size);
    if (!memory) continue;
    held.fetch_add(size);
    scratch.data[slot] = memory, scratch.size[slot] = size;
    return memory;
  }
  current_refusal()->store(bytes ? bytes : 1);
  return nullptr;
}
