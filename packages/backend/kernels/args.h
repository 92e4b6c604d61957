// How a kernel gets its arguments: one array of doubles, filled by TypeScript. Addresses and sizes are whole numbers
// below 2^53, so a double holds them exactly.
#pragma once
#include <stdint.h>

#include "parallel.h"

namespace XCP_NAMESPACE {

struct Args {
  const double *at;
  explicit Args(const double *values) : at(values) {}
  double number() { return *at++; }
  float *pointer() { return (float *)(uintptr_t)*at++; }
  Index next() { return (Index)*at++; }
};

}  // namespace XCP_NAMESPACE
