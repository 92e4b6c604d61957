// Numbers of 16 bits: IEEE half precision (float16) and the upper half of a float32 (bfloat16), rounded to nearest even.
#pragma once
#include <cstddef>
#include <cstdint>

enum class Format { float32, bfloat16, float16 };

void narrow(Format format, const float *from, uint16_t *to, size_t count);
void widen(Format format, const uint16_t *from, float *to, size_t count);

/// into[i] += from[i], computed in float32 and rounded.
void add_narrow(Format format, const uint16_t *from, uint16_t *into, size_t count);
