// Checks of the kernels without JavaScript: random odd shapes against naive loops, for any number of threads, with
// scratch memory refused at every place where it is asked for. Made to be run under sanitizers and emulators.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <initializer_list>
#include <vector>

/// A small generator, so that a seed gives the same cases everywhere.
class Random {
  uint64_t state;

 public:
  explicit Random(uint64_t seed) : state(seed * 0x9e3779b97f4a7c15u + 1) {}
  uint64_t next() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
  }
  /// A whole number from `low` to `high`.
  int64_t range(int64_t low, int64_t high) { return low + (int64_t)(next() % (uint64_t)(high - low + 1)); }
  bool coin() { return next() >> 40 & 1; }
  float value() { return (float)range(-1000, 1000) / 512.0f; }
};

enum Access { kRead, kWrite, kUpdate };

/// A tensor with nothing around it, so that a step outside is noticed.
struct Tensor {
  std::vector<float> values;
  Access access;
  std::vector<double> expected;  // of what is written
};

/// One call of a kernel.
struct Call {
  Random &random;
  std::vector<double> args;
  std::vector<Tensor> tensors;
  double tolerance = 1e-4;  // relative to the largest expected value

  explicit Call(Random &source) : random(source) { tensors.reserve(64); }

  /// Adds a tensor and its address to the arguments; gives its index.
  size_t input(int64_t size);
  size_t output(int64_t size, Access access = kWrite);
  void add(std::initializer_list<int64_t> numbers) { args.insert(args.end(), numbers.begin(), numbers.end()); }
  std::vector<float> &values(size_t tensor) { return tensors[tensor].values; }
  std::vector<double> &expected(size_t tensor) { return tensors[tensor].expected; }
};

/// A kernel's name and how to make a call of it with what is to be expected.
struct Case {
  const char *kernel;
  void (*make)(Call &call);
};

extern const std::vector<Case> kConvCases, kDepthwiseCases, kNormCases, kPoolCases, kElementwiseCases, kReduceCases,
    kOptimizerCases;
