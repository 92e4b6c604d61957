// Checks of the kernels without JavaScript: random odd shapes against naive loops, for any number of threads, with
// scratch memory refused at every place where it is asked for. Made to be run under sanitizers and emulators.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <functional>
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

enum Type { kFloat, kInt, kBool };
enum Access { kRead, kWrite, kUpdate };

/// A tensor with nothing around it, so that a step outside is noticed.
struct Tensor {
  Type type;
  Access access;
  std::vector<float> floats;  // one of the three holds the values
  std::vector<int32_t> ints;
  std::vector<uint8_t> bools;
  std::vector<double> expected;  // of what is written

  Tensor(Type type, Access access, size_t size, Random &random);
  void *data();
  const void *data() const { return const_cast<Tensor *>(this)->data(); }
  size_t bytes() const;
  double number(size_t i) const { return type == kFloat ? floats[i] : type == kInt ? ints[i] : bools[i]; }
  bool same_bits(const Tensor &other) const;
  /// Whether what was written is what was expected, to `tolerance` of the largest expected value.
  bool is_close(double tolerance) const;
};

/// One call of a kernel.
struct Call {
  Random &random;
  int64_t panel_columns;  // of the instruction set's packed filters
  std::vector<double> args;
  std::vector<Tensor> tensors;
  double tolerance = 1e-4;

  Call(Random &source, int64_t columns) : random(source), panel_columns(columns) {}

  /// Adds a tensor and its address to the arguments; gives its index.
  size_t input(int64_t size, Type type = kFloat) { return output(size, kRead, type); }
  size_t output(int64_t size, Access access = kWrite, Type type = kFloat);
  void add(std::initializer_list<int64_t> numbers) { args.insert(args.end(), numbers.begin(), numbers.end()); }
  std::vector<float> &values(size_t tensor) { return tensors[tensor].floats; }
  std::vector<int32_t> &ints(size_t tensor) { return tensors[tensor].ints; }
  double number(size_t tensor, int64_t i) const { return tensors[tensor].number((size_t)i); }
  std::vector<double> &expected(size_t tensor) { return tensors[tensor].expected; }
};

/// A kernel's name and how to make a call of it with what is to be expected.
struct Case {
  const char *kernel;
  std::function<void(Call &)> make;
};

extern const std::vector<Case> kConvCases, kDepthwiseCases, kNormCases, kPoolCases, kRandomCases, kUnaryCases,
    kBinaryCases, kCopyCases, kReduceCases, kResizeCases, kSoftmaxCases, kOptimizerCases;
