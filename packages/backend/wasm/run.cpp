// What JavaScript calls: kernels by number, over one array of arguments.
#include "kernels/table.h"
#include "host.h"

extern "C" const KernelEntry xcp_table[];

static double arguments[1 << 16];

XCP_EXPORT(argumentsAddress) double *arguments_address() { return arguments; }
XCP_EXPORT(argumentsCount) int arguments_count() { return sizeof arguments / sizeof *arguments; }

/// The name of a kernel, or null past the last one.
XCP_EXPORT(kernelName) const char *kernel_name(int index) { return xcp_table[index].name; }

XCP_EXPORT(run) void run(int index) { xcp_table[index].run(arguments); }

XCP_EXPORT(reserve) void *reserve(size_t bytes) { return reserve_memory(bytes); }
XCP_EXPORT(release) void release(void *p) { release_memory(p); }
