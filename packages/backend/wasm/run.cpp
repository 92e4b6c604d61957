// What JavaScript calls: kernels by number, over one array of arguments.
#include "host.h"
#include "kernels/table.h"

extern "C" const KernelEntry xcp_table[];

static double arguments[1 << 16];

XCP_EXPORT(argumentsAddress) double *arguments_address() { return arguments; }
XCP_EXPORT(argumentsCount) int arguments_count() { return sizeof arguments / sizeof *arguments; }

/// The name of a kernel, or null past the last one.
XCP_EXPORT(kernelName) const char *kernel_name(int index) { return xcp_table[index].name; }

/// The bytes of scratch memory that the kernel was refused, 0 where it ran.
XCP_EXPORT(run) size_t run(int index) {
  forget_refused_scratch();
  xcp_table[index].run(arguments);
  return refused_scratch();
}

/// Runs the calls that lie at `calls` one behind the other, each as the number of its kernel, the count of its
/// arguments, and these. Gives `end`, or where the call stands that was refused scratch memory.
XCP_EXPORT(replay) size_t replay(const double *calls, size_t at, size_t end) {
  forget_refused_scratch();
  while (at < end) {
    xcp_table[(size_t)calls[at]].run(calls + at + 2);
    if (refused_scratch() != 0) break;
    at += 2 + (size_t)calls[at + 1];
  }
  return at;
}

XCP_EXPORT(reserve) void *reserve(size_t bytes, bool counted) { return reserve_memory(bytes, counted); }
XCP_EXPORT(release) void release(void *p) { release_memory(p); }
