// A pool of threads that spins briefly, then sleeps; and scratch memory for each thread.
#include "threads.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define XCP_PAUSE() _mm_pause()
#elif defined(__aarch64__)
#define XCP_PAUSE() __asm__ __volatile__("yield")
#else
#define XCP_PAUSE() std::this_thread::yield()
#endif

namespace {

constexpr int kScratchSlotsMax = 16;
constexpr uint64_t kOpen = 1ull << 31, kEntered = kOpen - 1;
constexpr auto kSpin = std::chrono::microseconds(200);  // longer than TensorFlow.js takes between two kernels

struct Scratch {
  void *data[kScratchSlotsMax] = {};
  size_t size[kScratchSlotsMax] = {};
  ~Scratch() {
    for (void *p : data) free(p);
  }
};
thread_local Scratch scratch;
thread_local bool inside_job = false;

/// One job at a time. `state` holds its generation, whether it is open, and how many workers are in it; a worker
/// that wakes too late finds it closed and is not waited for.
struct Pool {
  std::atomic<uint64_t> state{0};
  std::atomic<long> next{0};
  long count = 0;
  void (*body)(void *, long) = nullptr;
  void *context = nullptr;

  std::mutex submit;  // held while a job runs
  std::mutex sleep;
  std::condition_variable wake;
  std::atomic<int> sleepers{0};
  std::atomic<int> wanted{1};  // threads in all, the caller included
  int started = 1;

  void run() {
    for (long i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) body(context, i);
  }

  bool ready(uint64_t seen, int index) {
    uint64_t s = state.load();
    return index < wanted.load() && (s & kOpen) && s >> 32 != seen;
  }

  void work(int index) {
    inside_job = true;
    uint64_t seen = 0;
    for (;;) {
      auto until = std::chrono::steady_clock::now() + kSpin;
      while (!ready(seen, index)) {
        for (int i = 0; i < 64 && !ready(seen, index); i++) XCP_PAUSE();
        if (std::chrono::steady_clock::now() < until) continue;
        std::unique_lock<std::mutex> lock(sleep);
        sleepers++;
        wake.wait(lock, [&] { return ready(seen, index); });
        sleepers--;
      }
      uint64_t s = state.load();
      if (!(s & kOpen) || !state.compare_exchange_strong(s, s + 1)) continue;
      seen = s >> 32;
      run();
      state.fetch_sub(1);
    }
  }

  void start() {
    for (; started < wanted.load(); started++) {
      std::thread([this, index = started] { work(index); }).detach();
    }
  }
};

// Never destroyed: its threads are asleep when the process ends.
Pool &pool() {
  static Pool *instance = new Pool;
  return *instance;
}

}  // namespace

extern "C" void xcp_parallel_for(long count, void (*body)(void *, long), void *context) {
  Pool &p = pool();
  // Inside a job, with one thread, or while another JavaScript thread has the pool: do it here.
  if (inside_job || p.wanted.load() < 2 || count < 2 || !p.submit.try_lock()) {
    for (long i = 0; i < count; i++) body(context, i);
    return;
  }
  inside_job = true;
  p.count = count, p.body = body, p.context = context;
  p.next.store(0);
  p.state.store((((p.state.load() >> 32) + 1) << 32) | kOpen);
  if (p.sleepers.load()) {
    { std::lock_guard<std::mutex> lock(p.sleep); }
    p.wake.notify_all();
  }
  p.run();
  p.state.fetch_and(~kOpen);
  for (long spins = 0; p.state.load() & kEntered; spins++) {
    if (spins < 10000) XCP_PAUSE();
    else std::this_thread::yield();
  }
  inside_job = false;
  p.submit.unlock();
}

extern "C" void *xcp_scratch(int slot, size_t bytes) {
  if (scratch.size[slot] < bytes) {
    free(scratch.data[slot]);
    size_t size = (bytes + bytes / 4 + 63) / 64 * 64;
    scratch.data[slot] = aligned_alloc(64, size);
    scratch.size[slot] = scratch.data[slot] ? size : 0;
    if (!scratch.data[slot]) abort_out_of_scratch(bytes);
  }
  return scratch.data[slot];
}

void set_threads(int threads) {
  Pool &p = pool();
  std::lock_guard<std::mutex> lock(p.submit);
  p.wanted.store(threads);
  p.start();
}

int get_threads() { return pool().wanted.load(); }
