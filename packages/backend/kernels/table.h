#pragma once

/// A kernel by name. Its argument is the array that `args.h` describes.
struct KernelEntry {
  const char *name;
  void (*run)(const double *args);
};
