// A pool of threads that spin briefly, then sleep. It belongs to the process: JavaScript threads share it, one job at
// a time; whoever finds it taken works alone.
#include "threads.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "../kernels/parallel.h"
#include "scratch.h"
#include "start-thread.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define XCP_PAUSE() _mm_pause()
#elif defined(__aarch64__)
#define XCP_PAUSE() __asm__ __volatile__("yield")
#else
#define XCP_PAUSE() ((void)0)
#endif

namespace {

typedef std::chrono::steady_clock Clock;
constexpr auto kSpin = std::chrono::microseconds(200);  // longer than TensorFlow.js takes between two kernels

/// Spins until `done()`, at most for kSpin; says whether it came true.
template <class F>
bool spin_until(F done) {
  auto until = Clock::now() + kSpin;
  do {
    for (int i = 0; i < 64; i++) {
      if (done()) return true;
      XCP_PAUSE();
    }
  } while (Clock::now() < until);
  return done();
}

// The pool's state is one word, so that a worker's entry and the job's end cannot miss each other:
// generation of the job (32 bits), open (1 bit), somebody sleeps until the workers are out (1 bit), workers inside.
constexpr uint64_t kOpen = 1ull << 31, kAwaited = 1ull << 30, kInside = kAwaited - 1;

struct Job {
  Index count = 0;
  void (*body)(void *, Index) = nullptr;
  void *context = nullptr;
  Refusal *refusal = nullptr;
};

thread_local bool inside_job = false;

struct Pool {
  std::atomic<uint64_t> state{0};
  // Written by the submitter while no worker is inside, read by workers after they have entered.
  Job job;
  std::atomic<Index> next{0};

  std::mutex submit;  // held while a job runs
  std::mutex sleep;   // guards both condition variables
  std::condition_variable wake, out;
  std::atomic<int> sleepers{0};
  std::atomic<int> wanted{1};  // threads in all, the caller included
  int started = 1;             // under `submit`

  void run_tasks() {
    // Where scratch was refused the job's result is lost: what is left of it need not be done.
    while (!job.refusal->load(std::memory_order_relaxed)) {
      Index i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= job.count) return;
      job.body(job.context, i);
    }
  }

  bool open_to(int index, uint64_t seen) {
    uint64_t s = state.load();
    return (s & kOpen) && s >> 32 != seen && index < wanted.load();
  }

  /// Sleeps until a job comes. Sequential consistency: either this thread sees the job, or the submitter sees it
  /// among the sleepers and must take `sleep` before it notifies.
  void sleep_until_open(int index, uint64_t seen) {
    std::unique_lock<std::mutex> lock(sleep);
    sleepers++;
    wake.wait(lock, [&] { return open_to(index, seen); });
    sleepers--;
  }

  void leave() {
    // The last one out, with the job closed and its submitter asleep, wakes it.
    uint64_t before = state.fetch_sub(1);
    if (!(before & kAwaited) || (before & kInside) != 1) return;
    { std::lock_guard<std::mutex> lock(sleep); }
    out.notify_all();
  }

  void work(int index) {
    inside_job = true;
    adopt_scratch();
    uint64_t seen = 0;
    for (;;) {
      if (!spin_until([&] { return open_to(index, seen); })) sleep_until_open(index, seen);
      uint64_t s = state.load();
      // A worker that wakes too late finds the job closed, and is not waited for.
      if (!(s & kOpen) || !state.compare_exchange_strong(s, s + 1)) continue;
      seen = s >> 32;
      set_current_refusal(job.refusal);
      run_tasks();
      leave();
    }
  }

  void open(const Job &next_job) {
    job = next_job;
    next.store(0);
    state.store((((state.load() >> 32) + 1) << 32) | kOpen);
    if (!sleepers.load()) return;
    { std::lock_guard<std::mutex> lock(sleep); }
    wake.notify_all();
  }

  /// Closes the job and waits for the workers inside: briefly awake, then asleep, since other processes may have
  /// taken their cores.
  void close() {
    state.fetch_and(~kOpen);
    auto empty = [&] { return !(state.load() & kInside); };
    if (spin_until(empty)) return;
    std::unique_lock<std::mutex> lock(sleep);
    state.fetch_or(kAwaited);
    out.wait(lock, empty);
    state.fetch_and(~kAwaited);
  }
};

// Never destroyed: its threads outlive static destructors. The library is never unloaded either (pin.h).
Pool &pool() {
  static Pool *instance = new Pool;
  return *instance;
}

}  // namespace

extern "C" void xcp_parallel_for(Index count, void (*body)(void *, Index), void *context) {
  Pool &p = pool();
  Refusal *refusal = current_refusal();
  // Inside a job, with one thread, or while another JavaScript thread has the pool: do it here.
  if (inside_job || p.wanted.load() < 2 || count < 2 || !p.submit.try_lock()) {
    for (Index i = 0; i < count && !refusal->load(std::memory_order_relaxed); i++) body(context, i);
    return;
  }
  inside_job = true;
  p.open({count, body, context, refusal});
  p.run_tasks();
  p.close();
  inside_job = false;
  p.submit.unlock();
}

void set_threads(int threads) {
  Pool &p = pool();
  std::lock_guard<std::mutex> lock(p.submit);
  while (p.started < threads && start_thread([](int index) { pool().work(index); }, p.started)) p.started++;
  p.wanted.store(threads < p.started ? threads : p.started);
}

int get_threads() { return pool().wanted.load(); }

void trim_scratch() {
  std::lock_guard<std::mutex> lock(pool().submit);
  free_idle_scratch();
}
