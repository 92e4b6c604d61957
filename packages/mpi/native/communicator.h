// All calls of MPI, made by one thread of their own, one after another in the order in which they were asked for.
#pragma once
#include <cstddef>
#include <cstdint>

#include "half.h"

enum class Kind { all_reduce, broadcast, barrier, finalize };
enum class Op { sum, max, min };

struct Job {
  Kind kind;
  Op op = Op::sum;
  Format format = Format::float32;
  void *data = nullptr;
  /// Of float or double where reduced, of bytes where broadcast.
  size_t count = 0;
  bool doubles = false;
  /// Called by that thread when it is done; the job is the caller's again.
  void (*done)(Job *) = nullptr;
  void *context = nullptr;
};

struct World {
  int rank, size, local_rank, local_size;
  /// Cores that are this rank's, where each is shared fairly by the ranks that may run on it.
  double cores;
  char library[512];
};

/// Starts the thread and MPI; waits for it. `timeout`: seconds after which a rank that waits ends all, 0 for none.
bool start_communicator(double timeout, World *world);
void submit(Job *job);
/// What the others end with where this process ends without having taken leave of them.
void set_exit_code(int code);
/// Ends all ranks with this exit code; does not return.
void abort_all(int code);
