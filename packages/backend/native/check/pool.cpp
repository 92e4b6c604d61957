#include "pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "../../kernels/parallel.h"
#include "../scratch.h"
#include "../threads.h"

namespace {

constexpr Index kTasks = 37;

struct Tasks {
  int done[kTasks] = {};  // not atomic: a race or a lost write shows
  std::atomic<bool> short_of_scratch{false};
};

void task(void *context, Index i) {
  Tasks &tasks = *(Tasks *)context;
  char *scratch = (char *)xcp_scratch(0, 100 + (size_t)i);
  if (!scratch) {
    tasks.short_of_scratch = true;
    return;
  }
  scratch[i] = 1;
  // A task may run outside of a job, where the pool was taken, and finds the pool free again here: these are then a job.
  std::atomic<Index> inner{0};
  xcp_parallel_for(
      3, [](void *count, Index) { ++*(std::atomic<Index> *)count; }, &inner);
  tasks.done[i] += inner == 3;
}

/// Runs jobs; each must do every task once.
void submit(int jobs, std::atomic<int> *wrong) {
  for (int job = 0; job < jobs; job++) {
    Tasks tasks;
    xcp_parallel_for(kTasks, task, &tasks);
    for (int done : tasks.done) {
      if (done != 1) ++*wrong;
    }
  }
}

}  // namespace

const char *check_pool(int rounds) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> submitters;
  set_threads(4);
  for (int i = 0; i < 3; i++) submitters.emplace_back(submit, rounds * 20, &wrong);
  for (int i = 0; i < rounds * 5; i++) {
    set_threads(1 + i % 8);
    submit(1, &wrong);
    if (i % 3 == 0) trim_scratch();
  }
  for (std::thread &submitter : submitters) submitter.join();
  if (wrong) return "a task was not done, or done twice";
  // Long pauses, so that the workers fall asleep between jobs.
  set_threads(4);
  for (int i = 0; i < rounds; i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    submit(1, &wrong);
  }
  if (wrong) return "a task was not done after a pause";
  for (long allowed = 0; allowed < kTasks; allowed++) {
    Tasks tasks;
    trim_scratch();
    current_refusal()->store(0);
    refuse_scratch_after(allowed);
    xcp_parallel_for(kTasks, task, &tasks);
    refuse_scratch_after(-1);
    if (!current_refusal()->load() || !tasks.short_of_scratch) return "a refusal in a task did not reach the caller";
  }
  current_refusal()->store(0);
  submit(1, &wrong);
  return wrong ? "a job after a refusal was not done" : nullptr;
}
