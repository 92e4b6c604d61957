#include "half.h"

#include <cstring>

// The addon is built for any processor of its kind: loops that can be vectors are compiled for the newer ones too.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_PROCESSORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_PROCESSORS
#endif

namespace {

inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

inline float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

inline uint16_t to_bfloat16(float value) {
  uint32_t bits = bits_of(value);
  // A NaN must not become an infinity by losing its lower bits.
  uint32_t quiet = (bits >> 16) | 0x40u;
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
}

inline float of_bfloat16(uint16_t half) { return float_of((uint32_t)half << 16); }

// Free of branches, so that compilers make vectors of it. After Fabian Giesen, "half to float conversions" (public domain).
inline uint16_t to_float16(float value) {
  uint32_t bits = bits_of(value), sign = bits & 0x80000000u;
  bits ^= sign;
  // Subnormals: an addition at the right magnitude lets the processor round.
  uint32_t small = bits_of(float_of(bits) + 0.5f) - bits_of(0.5f);
  uint32_t odd = (bits >> 13) & 1u;
  uint32_t normal = (bits + 0xc8000fffu + odd) >> 13;
  uint32_t large = bits > 0x7f800000u ? 0x7e00u : 0x7c00u;
  uint32_t half = bits >= 0x47800000u ? large : bits < 0x38800000u ? small : normal;
  return (uint16_t)(half | (sign >> 16));
}

inline float of_float16(uint16_t half) {
  uint32_t bits = (uint32_t)(half & 0x7fffu) << 13, exponent = bits & 0x0f800000u;
  bits += 0x38000000u;
  uint32_t infinite = bits + 0x38000000u;
  uint32_t subnormal = bits_of(float_of(bits + 0x00800000u) - float_of(0x38800000u));
  uint32_t value = exponent == 0x0f800000u ? infinite : exponent == 0 ? subnormal : bits;
  return float_of(value | ((uint32_t)(half & 0x8000u) << 16));
}

}  // namespace

FOR_PROCESSORS void narrow(Format format, const float *from, uint16_t *to, size_t count) {
  if (format == Format::bfloat16) {
    for (size_t i = 0; i < count; i++) to[i] = to_bfloat16(from[i]);
  } else {
    for (size_t i = 0; i < count; i++) to[i] = to_float16(from[i]);
  }
}

FOR_PROCESSORS void widen(Format format, const uint16_t *from, float *to, size_t count) {
  if (format == Format::bfloat16) {
    for (size_t i = 0; i < count; i++) to[i] = of_bfloat16(from[i]);
  } else {
    for (size_t i = 0; i < count; i++) to[i] = of_float16(from[i]);
  }
}

FOR_PROCESSORS void add_narrow(Format format, const uint16_t *from, uint16_t *into, size_t count) {
  if (format == Format::bfloat16) {
    for (size_t i = 0; i < count; i++) into[i] = to_bfloat16(of_bfloat16(from[i]) + of_bfloat16(into[i]));
  } else {
    for (size_t i = 0; i < count; i++) into[i] = to_float16(of_float16(from[i]) + of_float16(into[i]));
  }
}
