#pragma once
#include "../kernels/table.h"

/// The kernels compiled for one instruction set.
struct Isa {
  const char *name;
  const KernelEntry *table;
  bool (*supported)();
};

/// The best instruction set that this processor has, or the named one; null if the processor lacks it.
const Isa *choose_isa(const char *name);
