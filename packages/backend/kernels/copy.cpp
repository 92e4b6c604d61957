// Values moved as they are: strided copies, gathering, selection, filling. Elements are so many bytes wide.
#include "elementwise.h"

namespace XCP_NAMESPACE {

/// A square that stays in the first-level cache while rows of one side become columns of the other.
template <class T>
static inline void transpose_block(const T *from, T *to, Index rows, Index columns, Index from_stride, Index to_stride) {
  for (Index i = 0; i < rows; i++) {
    for (Index j = 0; j < columns; j++) to[i * to_stride + j] = from[j * from_stride + i];
  }
}

/// Rows × columns where the source runs along rows and the target along columns.
template <class T>
static void transpose_plane(const T *from, T *to, Index rows, Index columns, Index from_stride, Index to_stride) {
  constexpr Index kBlock = 16;
  parallel_ranges(ceil_div(rows, kBlock), max_index(1, kGrain / (kBlock * max_index(1, columns))), [&](Index b0, Index b1) {
    for (Index i = b0 * kBlock; i < min_index(rows, b1 * kBlock); i += kBlock) {
      for (Index j = 0; j < columns; j += kBlock) {
        transpose_block(from + j * from_stride + i, to + i * to_stride + j, min_index(kBlock, rows - i),
                        min_index(kBlock, columns - j), from_stride, to_stride);
      }
    }
  });
}

template <class T>
static void copy_elements(const T *from, T *to, const StridedLoop<2> &loop) {
  Index rank = loop.rank, inner = loop.inner();
  Index step_from = loop.strides[0][rank - 1], step_to = loop.strides[1][rank - 1];
  if (rank >= 2 && step_to == 1 && loop.strides[0][rank - 2] == 1) {
    Index rows = loop.sizes[rank - 2], planes = loop.outer() / max_index(1, rows);
    parallel_for(planes, [&](Index plane) {
      Index at[2];
      loop.offsets(plane * rows, at);
      transpose_plane(from + at[0], to + at[1], rows, inner, step_from, loop.strides[1][rank - 2]);
    });
    return;
  }
  parallel_ranges(loop.outer(), max_index(1, kGrain / max_index(1, inner)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++) {
      Index at[2];
      loop.offsets(row, at);
      const T *source = from + at[0];
      T *target = to + at[1];
      if (step_from == 1 && step_to == 1) __builtin_memcpy(target, source, inner * sizeof(T));
      else for (Index i = 0; i < inner; i++) target[i * step_to] = source[i * step_from];
    }
  });
}

/// Args: source, target, bytes per element (1 or 4), then a strided loop over source and target; strides may be 0 or
/// negative. Serves transpose, slice, pad, concat, tile and reverse.
static void strided_copy(const double *raw) {
  Args args(raw);
  const float *from = args.pointer();
  float *to = args.pointer();
  Index bytes = args.next();
  StridedLoop<2> loop(args);
  if (bytes == 4) copy_elements((const int32_t *)from, (int32_t *)to, loop);
  else copy_elements((const uint8_t *)from, (uint8_t *)to, loop);
}

/// Args: y, count, value, bytes per element (1: bool, 4: float32, 5: int32).
static void fill(const double *raw) {
  Args a(raw);
  float *y = a.pointer();
  Index count = a.next();
  double value = a.number();
  Index kind = a.next();
  parallel_ranges(count, kGrain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) {
      if (kind == 1) {
        ((uint8_t *)y)[i] = value != 0;
      } else if (kind == 4) {
        y[i] = (float)value;
      } else {
        ((int32_t *)y)[i] = to_int32(value);
      }
    }
  });
}

/// Args: x, indices (int32), out, batch, outer, dimension, count, slice bytes. x is [batch, outer, dimension, slice],
/// out [batch, outer, count, slice]; each batch has `count` indices of its own.
static void gather(const double *raw) {
  Args a(raw);
  const char *x = next_pointer<const char>(a);
  const int32_t *indices = next_pointer<const int32_t>(a);
  char *out = next_pointer<char>(a);
  Index batch = a.next(), outer = a.next(), dimension = a.next(), count = a.next(), slice = a.next();
  parallel_ranges(batch * outer * count, max_index(1, 4 * kGrain / max_index(1, slice)), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) {
      Index plane = i / count, index = indices[plane / outer * count + i % count];
      __builtin_memcpy(out + i * slice, x + (plane * dimension + index) * slice, slice);
    }
  });
}

/// Args: x, segment ids (int32), out, rows, slice, segments. Adds each row to its segment; ids outside are left out.
static void segment_sum(const double *raw) {
  Args a(raw);
  const float *x = a.pointer();
  const int32_t *ids = next_pointer<const int32_t>(a);
  float *out = a.pointer();
  Index rows = a.next(), slice = a.next(), segments = a.next(), groups = ceil_div(slice, 64);
  __builtin_memset(out, 0, sizeof(float) * segments * slice);
  parallel_for(groups, [&](Index group) {
    for (Index r = 0; r < rows; r++) {
      if (ids[r] < 0 || ids[r] >= segments) continue;
      float *to = out + ids[r] * slice;
      for_lanes(group * 64, min_index(group * 64 + 64, slice), [&](auto lane, Index c) {
        using V = decltype(lane);
        store<V>(to + c, load<V>(to + c) + load<V>(x + r * slice + c));
      });
    }
  });
}

template <class T>
static void select_elements(const uint8_t *condition, const T *yes, const T *no, T *out, Index rows, Index slice) {
  parallel_ranges(rows, max_index(1, kGrain / max_index(1, slice)), [&](Index begin, Index end) {
    if (slice == 1) {
      for (Index i = begin; i < end; i++) out[i] = condition[i] ? yes[i] : no[i];
      return;
    }
    for (Index i = begin; i < end; i++) {
      __builtin_memcpy(out + i * slice, (condition[i] ? yes : no) + i * slice, slice * sizeof(T));
    }
  });
}

/// Args: condition (bool), yes, no, out, rows, slice, bytes per element. One truth value for each slice.
static void select(const double *raw) {
  Args a(raw);
  const uint8_t *condition = next_pointer<const uint8_t>(a);
  float *yes = a.pointer(), *no = a.pointer(), *out = a.pointer();
  Index rows = a.next(), slice = a.next(), bytes = a.next();
  if (bytes == 4) select_elements(condition, (int32_t *)yes, (int32_t *)no, (int32_t *)out, rows, slice);
  else select_elements(condition, (uint8_t *)yes, (uint8_t *)no, (uint8_t *)out, rows, slice);
}

/// Args: indices (int32), out (filled with the value of the others), count, depth, value, kind as for `fill`.
static void one_hot(const double *raw) {
  Args a(raw);
  const int32_t *indices = next_pointer<const int32_t>(a);
  float *out = a.pointer();
  Index count = a.next(), depth = a.next();
  double value = a.number();
  Index kind = a.next();
  for (Index i = 0; i < count; i++) {
    Index at = i * depth + indices[i];
    if (indices[i] < 0 || indices[i] >= depth) continue;
    if (kind == 1) ((uint8_t *)out)[at] = value != 0;
    else if (kind == 4) out[at] = (float)value;
    else ((int32_t *)out)[at] = to_int32(value);
  }
}

}  // namespace XCP_NAMESPACE
