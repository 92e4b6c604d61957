// The N-API surface. Every check of types is made in TypeScript, before a call.
#define NAPI_VERSION 8
#include <node_api.h>

#include <condition_variable>
#include <mutex>

#include "communicator.h"

namespace {

/// Work that JavaScript waits for by a promise.
struct Pending {
  Job job;
  napi_deferred deferred = nullptr;
  /// Keeps the memory where the thread of MPI works.
  napi_ref values = nullptr;
};

napi_threadsafe_function finished;
int underway = 0;

napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

double number_of(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

void read_array(napi_env env, napi_value value, Job *job) {
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset;
  napi_get_typedarray_info(env, value, &type, &job->count, &job->data, &buffer, &offset);
  job->doubles = type == napi_float64_array;
}

void resolve(napi_env env, napi_value, void *, void *data) {
  Pending *pending = (Pending *)data;
  if (env) {
    napi_value nothing;
    napi_get_undefined(env, &nothing);
    napi_resolve_deferred(env, pending->deferred, nothing);
    if (pending->values) napi_delete_reference(env, pending->values);
    // Node.js ends where nobody waits for anything.
    if (--underway == 0) napi_unref_threadsafe_function(env, finished);
  }
  delete pending;
}

napi_value begin(napi_env env, Pending *pending, napi_value values) {
  napi_value promise;
  napi_create_promise(env, &pending->deferred, &promise);
  if (values) {
    napi_create_reference(env, values, 1, &pending->values);
    read_array(env, values, &pending->job);
  }
  pending->job.context = pending;
  pending->job.done = [](Job *job) { napi_call_threadsafe_function(finished, job->context, napi_tsfn_blocking); };
  if (underway++ == 0) napi_ref_threadsafe_function(env, finished);
  submit(&pending->job);
  return promise;
}

/// start(timeout in seconds): { rank, size, localRank, localSize, cores, library }, or undefined where MPI does not start.
napi_value start(napi_env env, napi_callback_info info) {
  napi_value argv[1], result, name;
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  World world;
  if (!start_communicator(number_of(env, argv[0]), &world)) return nullptr;
  napi_create_string_utf8(env, "xcp mpi", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, resolve, &finished);
  napi_unref_threadsafe_function(env, finished);
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "rank", number(env, world.rank));
  napi_set_named_property(env, result, "size", number(env, world.size));
  napi_set_named_property(env, result, "localRank", number(env, world.local_rank));
  napi_set_named_property(env, result, "localSize", number(env, world.local_size));
  napi_set_named_property(env, result, "cores", number(env, world.cores));
  napi_create_string_utf8(env, world.library, NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, result, "library", name);
  return result;
}

/// allReduce(Float32Array or Float64Array, op, format): a promise
napi_value all_reduce(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  size_t argc = 3;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  Pending *pending = new Pending{{Kind::all_reduce, (Op)(int)number_of(env, argv[1]), (Format)(int)number_of(env, argv[2])}};
  return begin(env, pending, argv[0]);
}

/// allReduceSync(Float64Array): the sum is there when it returns.
napi_value all_reduce_sync(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  struct Waiter {
    std::mutex lock;
    std::condition_variable waiting;
    bool done = false;
  } waiter;
  Job job{Kind::all_reduce};
  read_array(env, argv[0], &job);
  job.context = &waiter;
  job.done = [](Job *job) {
    Waiter *waiter = (Waiter *)job->context;
    std::lock_guard<std::mutex> guard(waiter->lock);
    waiter->done = true;
    waiter->waiting.notify_one();
  };
  submit(&job);
  std::unique_lock<std::mutex> guard(waiter.lock);
  waiter.waiting.wait(guard, [&] { return waiter.done; });
  return nullptr;
}

/// broadcast(Uint8Array): a promise
napi_value broadcast(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  return begin(env, new Pending{{Kind::broadcast}}, argv[0]);
}

napi_value barrier(napi_env env, napi_callback_info) { return begin(env, new Pending{{Kind::barrier}}, nullptr); }

napi_value finalize(napi_env env, napi_callback_info) { return begin(env, new Pending{{Kind::finalize}}, nullptr); }

/// setExitCode(code): what the others end with where this process ends without `finalize`.
napi_value exit_code(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  set_exit_code((int)number_of(env, argv[0]));
  return nullptr;
}

/// abort(exit code): ends all ranks at once.
napi_value abort_ranks(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  size_t argc = 1;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  abort_all((int)number_of(env, argv[0]));
  return nullptr;
}

napi_value init(napi_env env, napi_value exports) {
  napi_property_descriptor functions[] = {
      {"start", nullptr, start, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"allReduce", nullptr, all_reduce, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"allReduceSync", nullptr, all_reduce_sync, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"broadcast", nullptr, broadcast, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"barrier", nullptr, barrier, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"finalize", nullptr, finalize, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"setExitCode", nullptr, exit_code, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"abort", nullptr, abort_ranks, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
