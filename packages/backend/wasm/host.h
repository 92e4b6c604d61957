// What the parts of the wasm host share.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define XCP_EXPORT(name) extern "C" __attribute__((export_name(#name)))

/// Held for some hundred instructions at most, thus a spin will do, also where a thread may not sleep.
class Lock {
  int &taken;

 public:
  explicit Lock(int &taken) : taken(taken) {
    while (__atomic_exchange_n(&taken, 1, __ATOMIC_SEQ_CST)) {
    }
  }
  ~Lock() { __atomic_store_n(&taken, 0, __ATOMIC_SEQ_CST); }
};

/// Memory of `bytes` bytes, 64-byte aligned, or null past the limit or where there is no more. Any thread may ask.
/// What is not counted does not go against the limit.
void *reserve_memory(size_t bytes, bool counted = true);
void release_memory(void *p);

/// Before a thread works on memory that another one may have let grow: until then V8 may check the calling thread's
/// block copies and fills against the size it knew before.
void see_whole_memory();

/// Bytes of scratch memory that the kernel which runs was refused, 0 for none.
size_t refused_scratch();
void forget_refused_scratch();
