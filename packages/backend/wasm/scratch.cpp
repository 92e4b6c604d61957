// Scratch memory of each thread.
#include "host.h"

namespace {
constexpr int kScratchSlotsMax = 16;
struct Scratch {
  void *data[kScratchSlotsMax];
  size_t size[kScratchSlotsMax];
};
thread_local Scratch scratch;
}  // namespace

extern "C" void *xcp_scratch(int slot, size_t bytes) {
  if (scratch.size[slot] < bytes) {
    release_memory(scratch.data[slot]);
    scratch.size[slot] = 0;
    // A quarter more, so that slowly rising sizes do not ask each time.
    size_t more = bytes + bytes / 4, size = more > bytes ? more : bytes;
    scratch.data[slot] = reserve_memory(size);
    if (!scratch.data[slot]) scratch.data[slot] = reserve_memory(size = bytes);
    if (!scratch.data[slot]) out_of_memory(bytes);
    scratch.size[slot] = size;
  }
  return scratch.data[slot];
}
