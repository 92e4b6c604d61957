// Big pieces of the wasm memory, which only grows: what is released goes on a list and is used again.
#include "host.h"

extern "C" char __heap_base;  // where the linker's data ends

namespace {

constexpr size_t kPage = 64 << 10, kAlignment = 64;

/// Stands in front of every piece; `next` is used while the piece is free. Free pieces are sorted by address.
struct alignas(kAlignment) Piece {
  size_t size;     // this header included
  size_t counted;  // what of it counts as held
  Piece *next;
  char *end() { return (char *)this + size; }
};

Piece *first_free = nullptr;
int lock_taken = 0;
size_t held = 0, limit = (size_t)-1;

void put(Piece *piece) {
  Piece *before = nullptr, *after = first_free;
  while (after && after < piece) before = after, after = after->next;
  piece->next = after;
  if (before) before->next = piece;
  else first_free = piece;
  if (after && piece->end() == (char *)after) piece->size += after->size, piece->next = after->next;
  if (before && before->end() == (char *)piece) before->size += piece->size, before->next = piece->next;
}

/// Where the memory ends. Not asked of the runtime: V8 may answer with the size before another thread let it grow.
size_t memory_end = 0;

/// Adds pages at the end of the memory, so that a free piece of `size` ends it.
bool grow(size_t size) {
  size_t start = memory_end;
  if (!memory_end) {
    // The rest of the page in which the linker's data ends is there already.
    start = ((size_t)&__heap_base + kAlignment - 1) / kAlignment * kAlignment;
    memory_end = __builtin_wasm_memory_size(0) * kPage;
  }
  size_t there = memory_end - start;
  for (Piece *piece = first_free; piece; piece = piece->next) {
    if (piece->end() == (char *)memory_end) there = piece->size;
  }
  size_t pages = size > there ? (size - there + kPage - 1) / kPage : 0;
  // The last page stays out, so that no address wraps.
  bool grown = pages < (-memory_end) / kPage && __builtin_wasm_memory_grow(0, pages) != (size_t)-1;
  if (grown) memory_end += pages * kPage;
  if (memory_end > start) {
    Piece *piece = (Piece *)start;
    piece->size = memory_end - start;
    put(piece);
  }
  return grown;
}

/// The smallest free piece that holds `size`, with what stands before it.
Piece **best_fit(size_t size) {
  Piece **best = nullptr;
  for (Piece **at = &first_free; *at; at = &(*at)->next) {
    if ((*at)->size >= size && (!best || (*at)->size < (*best)->size)) best = at;
  }
  return best;
}

/// `counted` bytes of it go against the limit.
Piece *take(size_t size, size_t counted) {
  Lock lock(lock_taken);
  if (counted && (held > limit || counted > limit - held)) return nullptr;
  Piece **at = best_fit(size);
  if (!at && grow(size)) at = best_fit(size);
  if (!at) return nullptr;
  Piece *piece = *at;
  if (piece->size - size >= kPage) {
    Piece *rest = (Piece *)((char *)piece + size);
    rest->size = piece->size - size, rest->next = piece->next;
    piece->size = size;
    *at = rest;
  } else {
    *at = piece->next;
  }
  held += counted;
  piece->counted = counted;
  return piece;
}

thread_local size_t seen_end;

}  // namespace

void see_whole_memory() {
  if (seen_end == memory_end) return;
  seen_end = memory_end;
  __builtin_wasm_memory_grow(0, 0);
}

void *reserve_memory(size_t bytes, bool counted) {
  if (bytes > (size_t)-1 - 2 * kPage) return nullptr;
  bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  Piece *piece = take(bytes + sizeof(Piece), counted ? bytes : 0);
  see_whole_memory();
  return piece ? piece + 1 : nullptr;
}

void release_memory(void *p) {
  if (!p) return;
  Lock lock(lock_taken);
  Piece *piece = (Piece *)p - 1;
  held -= piece->counted;
  put(piece);
}

XCP_EXPORT(setMemoryLimit) void set_memory_limit(size_t bytes) { limit = bytes; }
XCP_EXPORT(memoryHeld) size_t memory_held() { return held; }
