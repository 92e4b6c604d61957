// A pool of workers on a shared memory. They spin briefly, then sleep; the thread that called may not be allowed to
// sleep (a browser's main thread), so it spins until they are done.
#include "host.h"

/// Throws a JavaScript error, thus does not return.
extern "C" __attribute__((import_module("xcp"), import_name("kernelFailed"), noreturn)) void kernel_failed();

namespace {

constexpr uint64_t kOpen = 1ull << 31, kEntered = kOpen - 1;
constexpr int kSpins = 100000;  // about 100 µs: longer than TensorFlow.js takes between two kernels

thread_local bool inside_job;
thread_local uint64_t seen;  // generation of the last job that this worker was in

template <class T>
T load(const T &x) {
  return __atomic_load_n(&x, __ATOMIC_SEQ_CST);
}
template <class T>
void store(T &x, T value) {
  __atomic_store_n(&x, value, __ATOMIC_SEQ_CST);
}

/// One job at a time. `state` holds its generation, whether it is open, and how many workers are in it; a worker
/// that wakes too late finds it closed and is not waited for.
struct Pool {
  uint64_t state;
  int next;
  ptrdiff_t count;
  void (*body)(void *, ptrdiff_t);
  void *context;
  int wanted;    // threads in all, the caller included
  int posted;    // counts jobs; workers sleep on it
  int sleepers;  // workers asleep or about to be
  int left;      // counts last workers to leave a job; the caller sleeps on it
  int caller_sleeps;
  bool caller_may_sleep;
  bool failed;  // whether a kernel failed on a worker

  void run() {
    for (ptrdiff_t i; (i = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED)) < count;) body(context, i);
  }

  bool ready(int index) {
    uint64_t s = load(state);
    return index < load(wanted) && (s & kOpen) && s >> 32 != seen;
  }

  void await_job(int index) {
    for (;;) {
      for (int spins = 0; spins < kSpins; spins++) {
        if (ready(index)) return;
      }
      int jobs = load(posted);
      __atomic_fetch_add(&sleepers, 1, __ATOMIC_SEQ_CST);
      if (!ready(index)) __builtin_wasm_memory_atomic_wait32(&posted, jobs, -1);
      __atomic_fetch_sub(&sleepers, 1, __ATOMIC_SEQ_CST);
    }
  }

  void leave() {
    uint64_t s = __atomic_sub_fetch(&state, 1, __ATOMIC_SEQ_CST);
    if ((s & kEntered) || !load(caller_sleeps)) return;
    __atomic_fetch_add(&left, 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&left, 1);
  }

  void post() {
    store(next, 0);
    store(state, (((load(state) >> 32) + 1) << 32) | kOpen);
    __atomic_fetch_add(&posted, 1, __ATOMIC_SEQ_CST);
    if (load(sleepers)) __builtin_wasm_memory_atomic_notify(&posted, (uint32_t)-1);
  }

  /// Lets nobody in any more and waits until all are out.
  void close() {
    __atomic_fetch_and(&state, ~kOpen, __ATOMIC_SEQ_CST);
    for (int spins = 0; load(state) & kEntered; spins++) {
      if (!caller_may_sleep || spins < kSpins) continue;
      int leavings = load(left);
      store(caller_sleeps, 1);
      if (load(state) & kEntered) __builtin_wasm_memory_atomic_wait32(&left, leavings, -1);
      store(caller_sleeps, 0);
    }
  }
};

Pool pool;

}  // namespace

extern "C" void xcp_parallel_for(ptrdiff_t count, void (*body)(void *, ptrdiff_t), void *context) {
  if (inside_job || pool.wanted < 2 || count < 2) {
    for (ptrdiff_t i = 0; i < count; i++) body(context, i);
    return;
  }
  inside_job = true;
  pool.count = count, pool.body = body, pool.context = context;
  pool.post();
  pool.run();
  pool.close();
  inside_job = false;
  bool failed = load(pool.failed);
  store(pool.failed, false);
  if (failed) kernel_failed();
}

XCP_EXPORT(setThreads) void set_threads(int threads, bool caller_may_sleep) {
  pool.caller_may_sleep = caller_may_sleep;
  store(pool.wanted, threads);
  // A worker that was left out may have to take part from now on.
  __atomic_fetch_add(&pool.posted, 1, __ATOMIC_SEQ_CST);
  __builtin_wasm_memory_atomic_notify(&pool.posted, (uint32_t)-1);
}

/// A worker's life. Never returns; a kernel that fails leaves it by a JavaScript error, after which JavaScript calls
/// `leaveJob` and then this again.
XCP_EXPORT(work) void work(int index) {
  inside_job = true;
  for (;;) {
    pool.await_job(index);
    uint64_t s = load(pool.state);
    if (!(s & kOpen) || !__atomic_compare_exchange_n(&pool.state, &s, s + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
      continue;
    seen = s >> 32;
    see_whole_memory();
    pool.run();
    pool.leave();
  }
}

/// On a worker, after a kernel failed there.
XCP_EXPORT(leaveJob) void leave_job() {
  store(pool.failed, true);
  pool.leave();
}

/// On the calling thread, after a kernel failed there: nothing of its job is left when this returns.
XCP_EXPORT(abandonJob) void abandon_job() {
  if (!inside_job) return;
  store(pool.next, (int)pool.count);
  pool.close();
  store(pool.failed, false);
  inside_job = false;
}
