#pragma once
#include <atomic>
#include <cstddef>

/// Bytes that a kernel was refused, 0 for none. Every thread that works on a kernel points at the same one.
typedef std::atomic<size_t> Refusal;

/// Where this thread records a refusal: its own place, or that of the thread whose job it works on.
Refusal *current_refusal();
void set_current_refusal(Refusal *refusal);

/// Scratch held by all threads.
size_t scratch_held();

/// Marks this thread as one whose scratch may be freed by others while it has no job.
void adopt_scratch();

/// Frees the scratch of this thread and of all adopted ones, which must have no job.
void free_idle_scratch();

/// Makes the n-th request from now on fail, and all after it; a negative number lifts that. For checks.
void refuse_scratch_after(long requests);
