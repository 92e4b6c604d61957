// The kernels' only door to threads and to scratch memory; the host (native or wasm) stands behind it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Sizes and positions: as wide as an address. (`long` has 32 bits on 64-bit Windows.)
typedef ptrdiff_t Index;

extern "C" {
/// Runs `body(context, i)` once for each i in [0, count), on any thread in any order, and returns when all are done.
void xcp_parallel_for(Index count, void (*body)(void *context, Index i), void *context);
/// Memory of the calling thread, 64-byte aligned, valid until its next call with the same slot; null where it is
/// refused. Kernels have no exceptions: one that is refused returns at once, before it has written to anything that
/// it also reads, and the host, which remembers, makes room and calls it again, or throws.
void *xcp_scratch(int slot, size_t bytes);
}

namespace XCP_NAMESPACE {

/// Slots of `xcp_scratch`: one for each buffer that may be alive at the same time on one thread.
enum ScratchSlot { kPackedA, kPackedB, kSharedA, kSharedB, kPartials, kRowBuffer, kZeros, kMatrices, kScratchSlots };

/// How work is cut into tasks must depend on shapes alone, never on the number of threads: so results do not either.
template <class F>
static inline void parallel_for(Index count, F f) {
  if (count == 1) return f(0);
  xcp_parallel_for(count, [](void *context, Index i) { (*(F *)context)(i); }, &f);
}

/// Where piece `i` of `pieces` equal ones of [0, total) begins. The product may not fit an Index of 32 bits (wasm).
static inline Index piece_start(Index total, Index i, Index pieces) { return (Index)((int64_t)total * i / pieces); }

/// Cuts [0, total) into pieces of at least `grain` and calls `f(begin, end)` for each.
template <class F>
static inline void parallel_ranges(Index total, Index grain, F f) {
  if (total <= 0) return;
  Index pieces = total / (grain < 1 ? 1 : grain);
  pieces = pieces < 1 ? 1 : pieces > 64 ? 64 : pieces;
  parallel_for(pieces, [&](Index i) { f(piece_start(total, i, pieces), piece_start(total, i + 1, pieces)); });
}

}  // namespace XCP_NAMESPACE
