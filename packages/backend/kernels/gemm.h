// Packed matrix multiplication: C[m, n] (+)= Σk A[m, k] · B[k, n], after Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008). Operands come through packers, so that a transposed matrix or the
// patches of an image (im2col) cost no copy of their own.
//
// A packer is a callable `(float *panel, long i0, int count, int width, long k0, int depth)` that writes the rows
// (of A) or columns (of B) i0 … i0+count of the k-range k0 … k0+depth as panel[k * width + i].
#pragma once
#include "parallel.h"
#include "simd.h"

namespace XCP_NAMESPACE {

constexpr int kCols = 2 * kLanes;  // columns of the register tile
constexpr int kDepth = 384;        // k-range kept in cache at once
constexpr Index kBlockRows = 8 * kRows;
constexpr Index kFewRows = 512;  // up to here all of a k-block of A stays in the second-level cache
constexpr Index kCachedColumns = 64 << 10;  // values of B that stay in the second-level cache beside what else passes
constexpr Index kTasks = 24;     // enough tasks for an even share, whatever the number of threads
constexpr int kRowsAhead = 8, kStepsAhead = 24;  // how far packers fetch ahead: rows of a matrix, steps along k

static inline Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }
static inline Index min_index(Index a, Index b) { return a < b ? a : b; }
static inline Index max_index(Index a, Index b) { return a > b ? a : b; }

enum Activation { kLinear, kRelu, kRelu6 };

/// What happens to a finished element of C.
struct Epilogue {
  const float *bias = nullptr;  // one per column
  int activation = kLinear;
};

template <class V>
static inline V activate(V v, int activation) {
  // Written so that NaN stays, as in the elementwise kernels.
  if (activation != kLinear) v = v < 0 ? V{} : v;
  if (activation == kRelu6) v = v > 6.0f ? V{} + 6.0f : v;
  return v;
}

/// Copies part of a row, in the widest steps that fit.
static inline void copy_columns(const float *from, float *to, Index count) {
  for_lanes(0, count, [&](auto lane, Index i) { store(to + i, load<decltype(lane)>(from + i)); });
}

/// One register tile: Rows × (Vectors · kLanes) of C from packed panels. `columns` says how many are real.
template <int Rows, int Vectors>
static void micro_kernel(int depth, const float *a, const float *b, float *c, Index ldc, int columns, bool accumulate,
                         const float *bias, int activation) {
  constexpr int kWidth = Vectors * kLanes;
  vec acc[Rows][Vectors];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; v++) {
      if (accumulate) __builtin_prefetch(c + r * ldc + v * kLanes, 1);
      acc[r][v] = vec{};
    }
  }
  for (int k = 0; k < depth; k++) {
    vec bv[Vectors];
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; v++) bv[v] = load<vec>(b + v * kLanes);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
      for (int v = 0; v < Vectors; v++) acc[r][v] += a[r] * bv[v];
    }
    a += Rows;
    b += kCols;
  }
  // A tile over the right edge of C is finished in a copy, so that there are whole vectors only.
  float *edge = nullptr, copy[Rows * kWidth], bias_copy[kWidth];
  Index edge_ldc = ldc;
  if (columns < kWidth) {
    edge = c, c = copy, ldc = kWidth;
    for (int r = 0; accumulate && r < Rows; r++) copy_columns(edge + r * edge_ldc, copy + r * kWidth, columns);
    if (bias) copy_columns(bias, bias_copy, columns), bias = bias_copy;
  }
#pragma GCC unroll 2
  for (int v = 0; v < Vectors; v++) {
    vec shift = bias ? load<vec>(bias + v * kLanes) : vec{};
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
      float *p = c + r * ldc + v * kLanes;
      vec x = acc[r][v];
      if (accumulate) x = load<vec>(p) + x;
      if (bias) x += shift;
      store<vec>(p, activate(x, activation));
    }
  }
  for (int r = 0; edge && r < Rows; r++) copy_columns(copy + r * kWidth, edge + r * edge_ldc, columns);
}

typedef void (*MicroKernel)(int, const float *, const float *, float *, Index, int, bool, const float *, int);

template <int Vectors>
static MicroKernel pick_rows(int rows) {
  static const MicroKernel kernels[12] = {
      micro_kernel<1, Vectors>,
      micro_kernel<2, Vectors>,
      micro_kernel<3, Vectors>,
      micro_kernel<4, Vectors>,
      micro_kernel<5, Vectors>,
      micro_kernel<6, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 7, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 8, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 9, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 10, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 11, Vectors>,
      micro_kernel<kRows < 12 ? 1 : 12, Vectors>,
  };
  return kernels[rows - 1];
}

static inline void run_tile(int rows, int depth, const float *a, const float *b, float *c, Index ldc, int columns,
                            bool accumulate, const float *bias, int activation) {
  MicroKernel kernel = columns > kLanes ? pick_rows<2>(rows) : pick_rows<1>(rows);
  kernel(depth, a, b, c, ldc, columns, accumulate, bias, activation);
}

/// Multiplies rows [m0, m1) by the packed columns of panels [p0, p1) over one k-block. Rows are cut into equal
/// tiles of at most kRows; `packed_a` holds them one after the other. `b_stride` lies from one panel to the next.
static inline void multiply_block(Index m0, Index m1, Index p0, Index p1, Index n, int depth, const float *packed_a,
                                  const float *packed_b, Index b_stride, float *c, Index ldc, bool accumulate,
                                  bool last, const Epilogue &epilogue) {
  Index rows = m1 - m0, tiles = ceil_div(rows, kRows), panels = p1 - p0;
  // A panel serves all tiles before the next, unless all of them stay in cache: then C is written as it lies in memory.
  bool by_tiles = panels * kCols * depth <= kCachedColumns;
  for (Index i = 0; i < tiles * panels; i++) {
    Index t = by_tiles ? i / panels : i % tiles, p = by_tiles ? i % panels : i / tiles;
    Index r0 = rows * t / tiles, r1 = rows * (t + 1) / tiles, column = (p0 + p) * kCols;
    run_tile((int)(r1 - r0), depth, packed_a + r0 * depth, packed_b + p * b_stride, c + (m0 + r0) * ldc + column, ldc,
             (int)min_index(kCols, n - column), accumulate, last && epilogue.bias ? epilogue.bias + column : nullptr,
             last ? epilogue.activation : kLinear);
  }
}

template <class PackA>
static inline void pack_rows(PackA pack_a, float *packed, Index m0, Index m1, Index k0, int depth) {
  Index rows = m1 - m0, tiles = ceil_div(rows, kRows);
  for (Index t = 0; t < tiles; t++) {
    Index r0 = rows * t / tiles, r1 = rows * (t + 1) / tiles;
    pack_a(packed + r0 * depth, m0 + r0, (int)(r1 - r0), (int)(r1 - r0), k0, depth);
  }
}

template <class PackB>
static inline void pack_columns(PackB pack_b, float *packed, Index p0, Index p1, Index n, Index k0, int depth) {
  for (Index p = p0; p < p1; p++) {
    float *panel = packed + (p - p0) * kCols * depth;
    int columns = (int)min_index(kCols, n - p * kCols);
    if (columns < kCols) __builtin_memset(panel, 0, sizeof(float) * kCols * depth);
    pack_b(panel, p * kCols, columns, kCols, k0, depth);
  }
}

/// How a product cuts k into equal blocks of at most kDepth.
struct Blocks {
  Index k, count;
  explicit Blocks(Index k) : k(k), count(max_index(1, ceil_div(k, kDepth))) {}
  Index start(Index block) const { return piece_start(k, block, count); }
  int depth(Index block) const { return (int)(start(block + 1) - start(block)); }
};

/// B [k, n] packed before, as `pack_panels` does it: one panel after the other, each with all of k.
struct PackedPanels {
  const float *data;
  Index k;
};

template <class PackB>
static void pack_panels(PackB pack_b, float *packed, Index n, Index k) {
  Blocks blocks(k);
  parallel_for(ceil_div(n, kCols) * blocks.count, [&](Index i) {
    Index p = i / blocks.count, k0 = blocks.start(i % blocks.count);
    pack_columns(pack_b, packed + (p * k + k0) * kCols, p, p + 1, n, k0, blocks.depth(i % blocks.count));
  });
}

/// All of B as packed panels; null where scratch is refused.
static inline const float *all_panels(const PackedPanels &b, Index, Index) { return b.data; }
template <class PackB>
static const float *all_panels(PackB pack_b, Index n, Index k) {
  float *packed = (float *)xcp_scratch(kSharedB, sizeof(float) * ceil_div(n, kCols) * kCols * k);
  if (packed) pack_panels(pack_b, packed, n, k);
  return packed;
}

/// One k-block of one panel of B, for the calling thread until it asks for the next.
static inline const float *one_panel(const PackedPanels &b, Index p, Index, Index k0, int) {
  return b.data + (p * b.k + k0) * kCols;
}
template <class PackB>
static const float *one_panel(PackB pack_b, Index p, Index n, Index k0, int depth) {
  float *packed = (float *)xcp_scratch(kPackedB, sizeof(float) * kCols * depth);
  if (packed) pack_columns(pack_b, packed, p, p + 1, n, k0, depth);
  return packed;
}

/// C = A·B with an epilogue; B is a packer or `PackedPanels`. Many rows: B is packed once and shared, threads take
/// blocks of rows. Few rows: A is packed once and shared, threads take panels of columns and pack B on the fly.
template <class PackA, class B>
static void gemm(Index m, Index n, Index k, PackA pack_a, B b, float *c, Index ldc, Epilogue epilogue = {}) {
  Blocks blocks(k);
  Index panels = ceil_div(n, kCols);
  if (m <= kFewRows && (m <= kBlockRows || panels >= 8)) {
    // Two tasks for each panel even out an odd number of panels; they pack it twice, which costs less.
    Index parts = m >= 16 * kRows ? 2 : 1;
    float *shared = (float *)xcp_scratch(kSharedA, sizeof(float) * m * k);
    if (!shared) return;
    parallel_for(blocks.count, [&](Index block) {
      Index k0 = blocks.start(block);
      int depth = blocks.depth(block);
      for (Index i = 0; i < parts; i++) {
        Index m0 = piece_start(m, i, parts), m1 = piece_start(m, i + 1, parts);
        pack_rows(pack_a, shared + m * k0 + m0 * depth, m0, m1, k0, depth);
      }
    });
    parallel_for(panels * parts, [&](Index i) {
      Index p = i / parts, m0 = piece_start(m, i % parts, parts), m1 = piece_start(m, i % parts + 1, parts);
      for (Index block = 0; block < blocks.count; block++) {
        Index k0 = blocks.start(block);
        int depth = blocks.depth(block);
        const float *panel = one_panel(b, p, n, k0, depth);
        if (!panel) return;
        multiply_block(m0, m1, p, p + 1, n, depth, shared + m * k0 + m0 * depth, panel, 0, c, ldc, block > 0,
                       block == blocks.count - 1, epilogue);
      }
    });
    return;
  }
  const float *packed_b = all_panels(b, n, k);
  if (!packed_b) return;
  Index row_blocks = ceil_div(m, max_index(2 * kRows, min_index(kBlockRows, m / kTasks)));
  parallel_for(row_blocks, [&](Index i) {
    Index m0 = piece_start(m, i, row_blocks), m1 = piece_start(m, i + 1, row_blocks);
    float *packed_a = (float *)xcp_scratch(kPackedA, sizeof(float) * (m1 - m0) * ceil_div(k, blocks.count));
    if (!packed_a) return;
    for (Index block = 0; block < blocks.count; block++) {
      Index k0 = blocks.start(block);
      int depth = blocks.depth(block);
      pack_rows(pack_a, packed_a, m0, m1, k0, depth);
      multiply_block(m0, m1, 0, panels, n, depth, packed_a, packed_b + kCols * k0, kCols * k, c, ldc, block > 0,
                     block == blocks.count - 1, epilogue);
    }
  });
}

/// out[i] = the sum over `count` partial results of `size` floats each, in order.
static inline void sum_partials(const float *partials, Index count, Index size, float *out) {
  parallel_ranges(size, 4096, [&](Index begin, Index end) {
    for_lanes(begin, end, [&](auto v, Index i) {
      using V = decltype(v);
      V total = load<V>(partials + i);
      for (Index p = 1; p < count; p++) total += load<V>(partials + p * size + i);
      store<V>(out + i, total);
    });
  });
}

/// C = A·B where k is long and C small, as in filter gradients: tasks are tiles of C times ranges of k, whose
/// partial sums are added in a fixed order.
template <class PackA, class PackB>
static void gemm_long_k(Index m, Index n, Index k, PackA pack_a, PackB pack_b, float *c) {
  Index m_tiles = ceil_div(m, 16 * kRows), panels = ceil_div(n, kCols), n_tiles = ceil_div(panels, 8);
  Index splits = max_index(1, min_index(ceil_div(16, m_tiles * n_tiles), k / 256));
  float *partials = splits > 1 ? (float *)xcp_scratch(kPartials, sizeof(float) * splits * m * n) : c;
  if (!partials) return;
  parallel_for(m_tiles * n_tiles * splits, [&](Index i) {
    Index split = i / (m_tiles * n_tiles), tile = i % (m_tiles * n_tiles);
    Index mt = tile / n_tiles, nt = tile % n_tiles;
    Index m0 = piece_start(m, mt, m_tiles), m1 = piece_start(m, mt + 1, m_tiles);
    Index p0 = piece_start(panels, nt, n_tiles), p1 = piece_start(panels, nt + 1, n_tiles);
    Index begin = piece_start(k, split, splits), end = piece_start(k, split + 1, splits);
    Index blocks = max_index(1, ceil_div(end - begin, kDepth));
    Index depth_max = ceil_div(end - begin, blocks);
    float *packed_a = (float *)xcp_scratch(kPackedA, sizeof(float) * (m1 - m0) * depth_max);
    float *packed_b = (float *)xcp_scratch(kPackedB, sizeof(float) * (p1 - p0) * kCols * depth_max);
    if (!packed_a || !packed_b) return;
    for (Index block = 0; block < blocks; block++) {
      Index k0 = begin + piece_start(end - begin, block, blocks), k1 = begin + piece_start(end - begin, block + 1, blocks);
      pack_rows(pack_a, packed_a, m0, m1, k0, (int)(k1 - k0));
      pack_columns(pack_b, packed_b, p0, p1, n, k0, (int)(k1 - k0));
      multiply_block(m0, m1, p0, p1, n, (int)(k1 - k0), packed_a, packed_b, kCols * (k1 - k0),
                     partials + split * m * n, n, block > 0, false, {});
    }
  });
  if (splits > 1) sum_partials(partials, splits, m * n, c);
}

/// out[k * width + i] = rows i of 4 × 4 floats, transposed.
static inline void transpose_4x4(const float *r0, const float *r1, const float *r2, const float *r3, float *out,
                                 Index width) {
  v4 a = load<v4>(r0), b = load<v4>(r1), c = load<v4>(r2), d = load<v4>(r3);
  v4 ab_lo = shuffle4(a, b, 0, 4, 1, 5), ab_hi = shuffle4(a, b, 2, 6, 3, 7);
  v4 cd_lo = shuffle4(c, d, 0, 4, 1, 5), cd_hi = shuffle4(c, d, 2, 6, 3, 7);
  store<v4>(out, shuffle4(ab_lo, cd_lo, 0, 1, 4, 5));
  store<v4>(out + width, shuffle4(ab_lo, cd_lo, 2, 3, 6, 7));
  store<v4>(out + 2 * width, shuffle4(ab_hi, cd_hi, 0, 1, 4, 5));
  store<v4>(out + 3 * width, shuffle4(ab_hi, cd_hi, 2, 3, 6, 7));
}

/// Packs a matrix whose k runs along memory (a row of A, a column of Bᵀ): the panel is its transpose.
struct PackAcross {
  const float *data;
  Index stride;  // from one i to the next
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      const float *r0 = data + (i0 + i) * stride + k0, *r1 = r0 + stride, *r2 = r1 + stride, *r3 = r2 + stride;
      float *out = panel + i;
      int k = 0;
      for (; k + 4 <= depth; k += 4) {
        if (k % 16 == 0) {
#pragma GCC unroll 4
          for (int r = 0; r < 4; r++) __builtin_prefetch(r0 + k + (r + kRowsAhead) * stride);
        }
        transpose_4x4(r0 + k, r1 + k, r2 + k, r3 + k, out + k * width, width);
      }
      for (; k < depth; k++) {
        out[k * width] = r0[k], out[k * width + 1] = r1[k], out[k * width + 2] = r2[k], out[k * width + 3] = r3[k];
      }
    }
    for (; i < count; i++) {
      const float *row = data + (i0 + i) * stride + k0;
      for (int k = 0; k < depth; k++) panel[k * width + i] = row[k];
    }
  }
};

/// Packs a matrix whose i runs along memory (a row of B, a column of Aᵀ): the panel is a copy of short rows.
struct PackAlong {
  const float *data;
  Index stride;  // from one k to the next
  void operator()(float *panel, Index i0, int count, int width, Index k0, int depth) const {
    const float *row = data + k0 * stride + i0;
    if (count == kCols) {
      for (int k = 0; k < depth; k++, row += stride, panel += width) {
        __builtin_prefetch(row + kStepsAhead * stride), __builtin_prefetch(row + kStepsAhead * stride + kLanes);
        vec lo = load<vec>(row), hi = load<vec>(row + kLanes);
        store<vec>(panel, lo);
        store<vec>(panel + kLanes, hi);
      }
    } else {
      // Whole vectors: what is too much is written over by the next row, and the last rows are copied exactly, so that
      // nothing beyond the panel is written nor beyond the matrix read.
      Index reach = ceil_div(count, kLanes) * kLanes;
      int whole = depth - (int)max_index(ceil_div(reach, width), ceil_div(reach, stride)), k = 0;
      for (; k < whole; k++, row += stride, panel += width) {
        __builtin_prefetch(row + kStepsAhead * stride);
        for (int i = 0; i < count; i += kLanes) store<vec>(panel + i, load<vec>(row + i));
      }
      for (; k < depth; k++, row += stride, panel += width) {
        for (int i = 0; i < count; i++) panel[i] = row[i];
      }
    }
  }
};

}  // namespace XCP_NAMESPACE
