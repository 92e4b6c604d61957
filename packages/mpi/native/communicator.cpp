#include "communicator.h"

#include <dlfcn.h>
#include <mpi.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace {

std::mutex lock;
std::condition_variable waiting;
std::deque<Job *> queue;

struct Started {
  double timeout;
  World *world;
  bool done = false, good = false;
};

World here;
double limit;
std::atomic<int> exit_code{1};
std::atomic<bool> finalized{false};
MPI_Op narrow_sum[2];
std::vector<uint16_t> narrowed;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/// Leaves the core to others for so many nanoseconds, less than a second.
void rest(long nanoseconds) {
  timespec moment{0, nanoseconds};
  nanosleep(&moment, nullptr);
}

/// When this rank began to wait for what is under way; 0 where nothing is, or what is may take as long as it likes.
std::atomic<double> waiting_since{0};

void moved_on() { waiting_since = seconds(); }

/// Ends all where this rank waits past the limit. On a thread of its own: most calls of MPI come back when they are done,
/// and not before.
void watch() {
  // The first whose patience ends speaks for all.
  double patience = limit + 0.25 * here.rank;
  for (;;) {
    rest(50000000);
    double since = waiting_since, waited = seconds() - since;
    if (since == 0 || waited <= patience) continue;
    fprintf(stderr,
            "xcp: rank %d of %d has waited %.0f s for the other ranks (XCP_MPI_TIMEOUT): one of them hangs or is cut off. "
            "All end here; resume the run from its last checkpoint.\n",
            here.rank, here.size, waited);
    abort_all(1);
  }
}

/// Waits for a request without keeping a core busy for long: the kernels of slower ranks may need it.
void wait_politely(MPI_Request *request) {
  double begin = seconds();
  long pause = 2000;
  for (int tries = 0;; tries++) {
    int done = 0;
    MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (done) return;
    if (seconds() - begin < 100e-6) {
      sched_yield();
      continue;
    }
    rest(pause);
    if (pause < 200000) pause += pause / 4;
  }
}

/// Bytes up to which waiting politely for the sum itself is as fast as MPI's own waiting, and keeps no core busy.
constexpr size_t small = 64 << 10;

/// All ranks have come here. The larger collectives behind it then find everybody there, and are as fast as MPI has
/// them: its own blocking ones, which are better tuned than those that do not block.
void meet() {
  MPI_Request request;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  wait_politely(&request);
}

/// Counts of MPI are ints.
constexpr size_t most = (size_t)1 << 28;

/// Values that go into one MPI_Allreduce. What is longer is summed faster in such pieces than at once: they stay in the
/// caches, and over TCP both directions get their turn, where one long message keeps the other waiting. A piece grows with
/// the ranks, since each has a share of it in the making.
size_t piece_of(size_t width) {
  size_t wanted = ((size_t)512 << 10) * here.size / width;
  return wanted < most ? wanted : most;
}

void reduce(const Job &job) {
  MPI_Datatype type = job.doubles ? MPI_DOUBLE : MPI_FLOAT;
  MPI_Op op = job.op == Op::sum ? MPI_SUM : job.op == Op::max ? MPI_MAX : MPI_MIN;
  size_t width = job.doubles ? sizeof(double) : sizeof(float);
  if (job.count * width <= small) {
    MPI_Request request;
    MPI_Iallreduce(MPI_IN_PLACE, job.data, (int)job.count, type, op, MPI_COMM_WORLD, &request);
    wait_politely(&request);
    return;
  }
  meet();
  size_t piece = piece_of(width);
  for (size_t begin = 0; begin < job.count; begin += piece) {
    moved_on();
    int count = (int)(job.count - begin < piece ? job.count - begin : piece);
    MPI_Allreduce(MPI_IN_PLACE, (char *)job.data + begin * width, count, type, op, MPI_COMM_WORLD);
  }
}

void reduce_narrow(const Job &job) {
  float *values = (float *)job.data;
  size_t piece = piece_of(sizeof(uint16_t));
  narrowed.resize(piece);
  MPI_Op op = narrow_sum[job.format == Format::float16];
  meet();
  for (size_t begin = 0; begin < job.count; begin += piece) {
    moved_on();
    size_t count = job.count - begin < piece ? job.count - begin : piece;
    narrow(job.format, values + begin, narrowed.data(), count);
    MPI_Allreduce(MPI_IN_PLACE, narrowed.data(), (int)count, MPI_UINT16_T, op, MPI_COMM_WORLD);
    widen(job.format, narrowed.data(), values + begin, count);
  }
}

void broadcast(const Job &job) {
  if (job.count <= small) {
    MPI_Request request;
    MPI_Ibcast(job.data, (int)job.count, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
    wait_politely(&request);
    return;
  }
  meet();
  for (size_t begin = 0; begin < job.count; begin += most) {
    moved_on();
    int count = (int)(job.count - begin < most ? job.count - begin : most);
    MPI_Bcast((char *)job.data + begin, count, MPI_BYTE, 0, MPI_COMM_WORLD);
  }
}

/// The cores that this rank may run on, each divided by the ranks of this machine that may run there too.
double fair_cores(MPI_Comm local) {
#ifdef __linux__
  constexpr int cores = CPU_SETSIZE;
  std::vector<int> mine(cores), all(cores);
  cpu_set_t set;
  // Of the process, not of this thread, which MPI may have bound elsewhere.
  if (sched_getaffinity(getpid(), sizeof set, &set) == 0) {
    for (int i = 0; i < cores; i++) mine[i] = CPU_ISSET(i, &set) ? 1 : 0;
    MPI_Allreduce(mine.data(), all.data(), cores, MPI_INT, MPI_SUM, local);
    double fair = 0;
    for (int i = 0; i < cores; i++) {
      if (mine[i]) fair += 1.0 / all[i];
    }
    return fair;
  }
#endif
  int size = 1;
  MPI_Comm_size(local, &size);
  return (double)std::thread::hardware_concurrency() / size;
}

void add_bfloat16(void *from, void *into, int *count, MPI_Datatype *) {
  add_narrow(Format::bfloat16, (const uint16_t *)from, (uint16_t *)into, (size_t)*count);
}

void add_float16(void *from, void *into, int *count, MPI_Datatype *) {
  add_narrow(Format::float16, (const uint16_t *)from, (uint16_t *)into, (size_t)*count);
}

/// Open MPI loads plugins that look for its symbols, which Node.js has loaded for this addon alone.
void show_library() {
  Dl_info info;
  if (dladdr((void *)&MPI_Init_thread, &info) && info.dli_fname) dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

bool initialize() {
  show_library();
  int initialized = 0, provided = 0, length = 0;
  MPI_Initialized(&initialized);
  if (initialized) return false;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS) return false;
  MPI_Comm_rank(MPI_COMM_WORLD, &here.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &here.size);
  MPI_Comm local;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, here.rank, MPI_INFO_NULL, &local);
  MPI_Comm_rank(local, &here.local_rank);
  MPI_Comm_size(local, &here.local_size);
  here.cores = fair_cores(local);
  MPI_Comm_free(&local);
  char version[MPI_MAX_LIBRARY_VERSION_STRING];
  MPI_Get_library_version(version, &length);
  snprintf(here.library, sizeof here.library, "%.*s", (int)strcspn(version, ",\n"), version);
  MPI_Op_create(add_bfloat16, 1, &narrow_sum[0]);
  MPI_Op_create(add_float16, 1, &narrow_sum[1]);
  return true;
}

void run(Started *started) {
  limit = started->timeout;
  bool good = initialize();
  {
    std::lock_guard<std::mutex> guard(lock);
    *started->world = here;
    started->good = good;
    started->done = true;
    waiting.notify_all();
  }
  if (good && limit > 0) std::thread(watch).detach();
  while (good) {
    Job *job;
    {
      std::unique_lock<std::mutex> guard(lock);
      waiting.wait(guard, [] { return !queue.empty(); });
      job = queue.front();
      queue.pop_front();
    }
    bool last = job->kind == Kind::finalize;
    // Rank 0 may have much to do at the end, which the others have not.
    if (!last) moved_on();

    if (job->kind == Kind::all_reduce && job->format == Format::float32) reduce(*job);
    else if (job->kind == Kind::all_reduce) reduce_narrow(*job);
    else if (job->kind == Kind::broadcast) broadcast(*job);
    else if (job->kind == Kind::barrier) meet();
    else if (last) {
      meet();
      MPI_Finalize();
      finalized = true;
    }
    waiting_since = 0;
    job->done(job);
    if (last) return;
  }
}

}  // namespace

void set_exit_code(int code) { exit_code = code; }

bool start_communicator(double timeout, World *world) {
  Started started{timeout, world};
  std::thread(run, &started).detach();
  std::unique_lock<std::mutex> guard(lock);
  waiting.wait(guard, [&] { return started.done; });
  // The last thing that a process does: by then it has told its error.
  if (started.good) atexit([] {
    if (!finalized) abort_all(exit_code);
  });
  return started.good;
}

void submit(Job *job) {
  std::lock_guard<std::mutex> guard(lock);
  queue.push_back(job);
  waiting.notify_all();
}

void abort_all(int code) {
  fflush(nullptr);
  // The launcher forwards what this rank has said last; the Hydra of MPICH loses it where the end overtakes it.
  rest(100000000);
  MPI_Abort(MPI_COMM_WORLD, code);
  _exit(code);
}
