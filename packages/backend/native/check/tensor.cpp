#include <cmath>
#include <cstring>

#include "check.h"

Tensor::Tensor(Type of, Access how, size_t size, Random &random) : type(of), access(how) {
  // What is only written starts as something unlikely: a place that the kernel misses shows.
  if (type == kFloat) {
    floats.resize(size);
    for (float &v : floats) v = access == kWrite ? NAN : random.value();
  } else if (type == kInt) {
    ints.resize(size);
    for (int32_t &v : ints) v = access == kWrite ? INT32_MIN : (int32_t)random.range(-1000, 1000);
  } else {
    bools.resize(size);
    for (uint8_t &v : bools) v = access == kWrite ? 77 : random.coin();
  }
  if (access != kRead) expected.assign(size, 0);
}

void *Tensor::data() {
  if (type == kFloat) return floats.data();
  if (type == kInt) return ints.data();
  return bools.data();
}

size_t Tensor::bytes() const { return type == kBool ? bools.size() : 4 * (floats.size() + ints.size()); }

bool Tensor::same_bits(const Tensor &other) const { return memcmp(data(), other.data(), bytes()) == 0; }

bool Tensor::is_close(double tolerance) const {
  double scale = 1e-3;
  for (double e : expected) {
    if (std::isfinite(e)) scale = std::fmax(scale, std::fabs(e));
  }
  for (size_t i = 0; i < expected.size(); i++) {
    double e = expected[i], v = number(i);
    if (e == v || (std::isnan(e) && std::isnan(v))) continue;
    if (!(std::fabs(e - v) <= (type == kFloat ? tolerance * scale : 0))) return false;
  }
  return true;
}

size_t Call::output(int64_t size, Access access, Type type) {
  tensors.emplace_back(type, access, (size_t)size, random);
  args.push_back((double)(uintptr_t)tensors.back().data());
  return tensors.size() - 1;
}
