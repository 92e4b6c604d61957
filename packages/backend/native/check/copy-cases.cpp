#include "check.h"

namespace {

void transpose(Call &call) {
  bool narrow = call.random.coin();  // elements of 1 byte, else of 4
  int64_t rows = call.random.range(1, 60), columns = call.random.range(1, 600);
  Type type = narrow ? kBool : kInt;
  size_t from = call.input(rows * columns, type), to = call.output(rows * columns, kWrite, type);
  call.add({narrow ? 1 : 4, 2, columns, rows, 1, columns, rows, 1});
  for (int64_t i = 0; i < rows * columns; i++) {
    call.expected(to)[i % columns * rows + i / columns] = call.number(from, i);
  }
}

void slice(Call &call) {
  int64_t rows = call.random.range(1, 200), columns = call.random.range(1, 300), wide = columns + call.random.range(0, 9);
  size_t from = call.input(rows * wide), to = call.output(rows * columns);
  call.add({4, 2, rows, columns, wide, 1, columns, 1});
  for (int64_t i = 0; i < rows * columns; i++) {
    call.expected(to)[i] = call.values(from)[i / columns * wide + i % columns];
  }
}

void fill(Call &call) {
  int64_t size = call.random.range(1, call.random.coin() ? 40 : 70000);
  const struct {
    Type type;
    int64_t kind, value;
  } kinds[] = {{kBool, 1, 1}, {kFloat, 4, 3}, {kInt, 5, -7}};
  auto chosen = kinds[call.random.range(0, 2)];
  size_t y = call.output(size, kWrite, chosen.type);
  call.add({size, chosen.value, chosen.kind});
  call.expected(y).assign((size_t)size, (double)chosen.value);
}

void gather(Call &call) {
  Random &random = call.random;
  int64_t batch = random.range(1, 3), outer = random.range(1, 5), dimension = random.range(1, 9);
  int64_t count = random.range(1, 20), slice = random.range(1, 200);
  size_t x = call.input(batch * outer * dimension * slice), indices = call.input(batch * count, kInt);
  size_t out = call.output(batch * outer * count * slice);
  call.add({batch, outer, dimension, count, slice * 4});
  for (int32_t &index : call.ints(indices)) index = (int32_t)random.range(0, dimension - 1);
  for (int64_t i = 0; i < batch * outer * count * slice; i++) {
    int64_t row = i / slice, plane = row / count;
    int64_t index = call.ints(indices)[plane / outer * count + row % count];
    call.expected(out)[i] = call.values(x)[(plane * dimension + index) * slice + i % slice];
  }
}

void segment_sum(Call &call) {
  Random &random = call.random;
  int64_t rows = random.range(1, 50), slice = random.range(1, 300), segments = random.range(1, 8);
  size_t x = call.input(rows * slice), ids = call.input(rows, kInt), out = call.output(segments * slice);
  call.add({rows, slice, segments});
  for (int32_t &id : call.ints(ids)) id = (int32_t)random.range(-1, segments);
  for (int64_t i = 0; i < rows * slice; i++) {
    int64_t id = call.ints(ids)[i / slice];
    if (id >= 0 && id < segments) call.expected(out)[id * slice + i % slice] += call.values(x)[i];
  }
}

void choose(Call &call) {
  int64_t rows = call.random.range(1, 400), slice = call.random.coin() ? 1 : call.random.range(2, 90);
  Type type = call.random.coin() ? kFloat : kBool;
  size_t condition = call.input(rows, kBool), yes = call.input(rows * slice, type);
  size_t no = call.input(rows * slice, type), out = call.output(rows * slice, kWrite, type);
  call.add({rows, slice, type == kBool ? 1 : 4});
  for (int64_t i = 0; i < rows * slice; i++) {
    call.expected(out)[i] = call.number(call.number(condition, i / slice) ? yes : no, i);
  }
}

void one_hot(Call &call) {
  int64_t count = call.random.range(1, 90), depth = call.random.range(1, 20);
  size_t indices = call.input(count, kInt), out = call.output(count * depth, kUpdate);
  call.add({count, depth, 5, 4});
  for (int32_t &index : call.ints(indices)) index = (int32_t)call.random.range(-1, depth);
  for (int64_t i = 0; i < count * depth; i++) {
    call.expected(out)[i] = call.ints(indices)[i / depth] == i % depth ? 5 : call.values(out)[i];
  }
}

}  // namespace

const std::vector<Case> kCopyCases = {
    {"stridedCopy", transpose}, {"stridedCopy", slice}, {"fill", fill},     {"gather", gather},
    {"segmentSum", segment_sum}, {"select", choose},     {"oneHot", one_hot},
};
