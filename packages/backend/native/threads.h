#pragma once

/// Sets how many threads take part in a kernel, the calling one included. Fewer where the system refuses more.
void set_threads(int threads);

/// How many threads take part.
int get_threads();

/// Frees the scratch memory of the calling thread and of the pool's threads, after the job that is running.
void trim_scratch();
