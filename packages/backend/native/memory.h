#pragma once
#include <cstddef>

/// Memory of `bytes` bytes, 64-byte aligned, or null.
void *reserve_memory(size_t bytes);
void release_memory(void *p);
