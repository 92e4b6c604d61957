#pragma once
#include <cstddef>
#include <cstdint>

/// Sets how many threads take part in a kernel, the calling one included.
void set_threads(int threads);
int get_threads();

/// Ends the process with a message: a kernel cannot go on without its scratch memory.
[[noreturn]] void abort_out_of_scratch(size_t bytes);
