// Vectors of floats by compiler extension: the width follows the instruction set this file is compiled for.
#pragma once
#include <stdint.h>

#include "parallel.h"

// The copies for each instruction set must not share a symbol: the linker would keep one of them for all.
namespace XCP_NAMESPACE {

typedef float v16 __attribute__((vector_size(64)));
typedef float v8 __attribute__((vector_size(32)));
typedef float v4 __attribute__((vector_size(16)));

#if defined(__AVX512F__)
typedef v16 vec;
constexpr int kRows = 12;  // rows of the GEMM register tile: 12 × 2 accumulators of 32 registers
#elif defined(__AVX2__)
typedef v8 vec;
constexpr int kRows = 6;  // 6 × 2 accumulators of 16 registers
#elif defined(__wasm__)
typedef v4 vec;
constexpr int kRows = 4;  // 4 × 2 accumulators, 2 of B and 1 of A: engines on x64 have 15 registers to give
#elif defined(__aarch64__)
typedef v4 vec;
constexpr int kRows = 12;
#else
typedef v4 vec;
constexpr int kRows = 6;
#endif
constexpr int kLanes = sizeof(vec) / sizeof(float);

#if defined(__clang__)
#define shuffle4(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
typedef int v4i __attribute__((vector_size(16)));
#define shuffle4(a, b, i, j, k, l) __builtin_shuffle(a, b, v4i{i, j, k, l})
#endif

template <class V>
constexpr int lanes = sizeof(V) / sizeof(float);

// By memcpy, since addresses are aligned to floats only (an attribute on the type is lost in template arguments).
template <class V>
static inline V load(const float *p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class V>
static inline void store(float *p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}
template <class V>
static inline V splat(float x) {
  return x - V{};  // V{} + x would make 0 of −0
}
template <class V>
static inline V maximum(V a, V b) {
  return a > b ? a : b;
}
static inline float sum(float v) { return v; }
template <class V>
static inline float sum(V v) {
  float s = 0;
  for (int i = 0; i < lanes<V>; i++) s += v[i];
  return s;
}

/// Calls `f(V{}, i)` for i from `begin` to `end` in the widest steps that fit, so that a loop over channels needs
/// no masked tail. The first argument only carries the vector type.
template <class F>
static inline void for_lanes(Index begin, Index end, F f) {
  Index i = begin;
  for (; i + kLanes <= end; i += kLanes) f(vec{}, i);
#if defined(__AVX512F__)
  if (i + 8 <= end) f(v8{}, i), i += 8;
#endif
#if defined(__AVX2__)
  if (i + 4 <= end) f(v4{}, i), i += 4;
#endif
  for (; i < end; i++) f(float{}, i);
}

}  // namespace XCP_NAMESPACE
