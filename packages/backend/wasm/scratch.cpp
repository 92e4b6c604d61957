// Scratch memory of kernels: some buffers for each thread, kept from call to call. A refused request gives null; the
// kernel returns at once, and what it was refused is told where the kernel was called.
#include "host.h"

namespace {

constexpr int kSlots = 16;

struct Scratch {
  void *data[kSlots];
  size_t size[kSlots];
  Scratch *next;
  bool listed;
};

thread_local Scratch scratch;
Scratch *first = nullptr;  // of all threads that asked
int list_lock = 0;
size_t held = 0, refused = 0;

void list() {
  Lock lock(list_lock);
  scratch.next = first, scratch.listed = true;
  first = &scratch;
}

void drop(Scratch &owner, int slot) {
  release_memory(owner.data[slot]);
  __atomic_fetch_sub(&held, owner.size[slot], __ATOMIC_SEQ_CST);
  owner.data[slot] = nullptr, owner.size[slot] = 0;
}

}  // namespace

extern "C" void *xcp_scratch(int slot, size_t bytes) {
  if (scratch.data[slot] && scratch.size[slot] >= bytes) return scratch.data[slot];
  if (!scratch.listed) list();
  drop(scratch, slot);
  // A quarter more than asked for: shapes that grow a little from call to call find room.
  const size_t sizes[] = {bytes + bytes / 4, bytes};
  for (size_t size : sizes) {
    void *memory = size < bytes ? nullptr : reserve_memory(size);
    if (!memory) continue;
    __atomic_fetch_add(&held, size, __ATOMIC_SEQ_CST);
    scratch.data[slot] = memory, scratch.size[slot] = size;
    return memory;
  }
  __atomic_store_n(&refused, bytes ? bytes : 1, __ATOMIC_SEQ_CST);
  return nullptr;
}

size_t refused_scratch() { return __atomic_load_n(&refused, __ATOMIC_SEQ_CST); }
void forget_refused_scratch() { __atomic_store_n(&refused, 0, __ATOMIC_SEQ_CST); }

XCP_EXPORT(scratchHeld) size_t scratch_held() { return __atomic_load_n(&held, __ATOMIC_SEQ_CST); }

/// Frees the scratch of all threads, none of which has a job.
XCP_EXPORT(trimScratch) void trim_scratch() {
  Lock lock(list_lock);
  for (Scratch *each = first; each; each = each->next) {
    for (int slot = 0; slot < kSlots; slot++) drop(*each, slot);
  }
}
