#pragma once
#include <cstddef>

/// The most bytes that all users of this library in the process may hold together: tensors and scratch.
void set_memory_limit(double bytes);

/// Memory of `bytes` bytes, 64-byte aligned; null past the limit or where the system has no more.
void *reserve_memory(size_t bytes);

/// Gives memory back; `bytes` as reserved.
void release_memory(void *memory, size_t bytes);

/// Bytes held at present by tensors and scratch.
size_t memory_held();
