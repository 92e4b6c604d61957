// The N-API surface: plain functions over numbers. Addresses are numbers (below 2^53). Every check of shapes and
// sizes is made in TypeScript, before an address is passed.
#define NAPI_VERSION 8
#include <node_api.h>

#include <cstring>
#include <unordered_map>

#include "isa.h"
#include "memory.h"
#include "pin.h"
#include "scratch.h"
#include "threads.h"

namespace {

/// What belongs to one JavaScript thread.
struct Instance {
  const Isa *isa = nullptr;
  /// Memory that this thread has reserved: it goes with it when the thread is terminated in the middle.
  std::unordered_map<void *, size_t> reserved;

  ~Instance() {
    for (auto &[memory, bytes] : reserved) release_memory(memory, bytes);
  }
};

Instance &instance_of(napi_env env) {
  void *data = nullptr;
  napi_get_instance_data(env, &data);
  return *(Instance *)data;
}

double number_at(napi_env env, napi_callback_info info, size_t index) {
  napi_value argv[3];
  size_t argc = 3;
  double value = 0;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  if (index < argc) napi_get_value_double(env, argv[index], &value);
  return value;
}

napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

void *address(double value) { return (void *)(uintptr_t)value; }

/// select(isaName): { isa, kernels: string[] }, or undefined where the processor lacks it. "" chooses the best.
napi_value select_isa(napi_env env, napi_callback_info info) {
  napi_value argv[1], result, names;
  size_t argc = 1, length = 0;
  char wanted[16] = "";
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  napi_get_value_string_utf8(env, argv[0], wanted, sizeof wanted, &length);
  const Isa *isa = choose_isa(wanted);
  if (!isa) return nullptr;
  instance_of(env).isa = isa;
  napi_create_object(env, &result);
  napi_create_array(env, &names);
  for (uint32_t i = 0; isa->table[i].name; i++) {
    napi_value name;
    napi_create_string_utf8(env, isa->table[i].name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, i, name);
  }
  napi_value isa_name;
  napi_create_string_utf8(env, isa->name, NAPI_AUTO_LENGTH, &isa_name);
  napi_set_named_property(env, result, "isa", isa_name);
  napi_set_named_property(env, result, "kernels", names);
  return result;
}

/// run(kernel index, address of the arguments): bytes of scratch memory that the kernel was refused, 0 where it ran.
napi_value run(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  size_t argc = 2;
  uint32_t index = 0;
  double args = 0;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  napi_get_value_uint32(env, argv[0], &index);
  napi_get_value_double(env, argv[1], &args);
  current_refusal()->store(0);
  instance_of(env).isa->table[index].run((const double *)address(args));
  return number(env, (double)current_refusal()->load());
}

/// replay(address, begin, end): runs the calls that lie there one behind the other, each as the number of its kernel, the
/// count of its arguments, and these; begin and end count numbers. Gives `end`, or where the call stands that was
/// refused scratch memory.
napi_value replay(napi_env env, napi_callback_info info) {
  const double *calls = (const double *)address(number_at(env, info, 0));
  size_t at = (size_t)number_at(env, info, 1), end = (size_t)number_at(env, info, 2);
  const KernelEntry *table = instance_of(env).isa->table;
  current_refusal()->store(0);
  while (at < end) {
    table[(size_t)calls[at]].run(calls + at + 2);
    if (current_refusal()->load() != 0) break;
    at += 2 + (size_t)calls[at + 1];
  }
  return number(env, (double)at);
}

/// reserve(bytes): address, or 0 past the limit and where the system has no more.
napi_value reserve(napi_env env, napi_callback_info info) {
  size_t bytes = (size_t)number_at(env, info, 0);
  void *memory = reserve_memory(bytes);
  if (memory) instance_of(env).reserved[memory] = bytes;
  return number(env, (double)(uintptr_t)memory);
}

/// release(address)
napi_value release(napi_env env, napi_callback_info info) {
  auto &reserved = instance_of(env).reserved;
  auto found = reserved.find(address(number_at(env, info, 0)));
  if (found == reserved.end()) return nullptr;
  release_memory(found->first, found->second);
  reserved.erase(found);
  return nullptr;
}

napi_value copy(napi_env env, napi_callback_info info, bool to_native) {
  napi_value argv[2];
  size_t argc = 2, length = 0, offset = 0;
  double where = 0;
  void *data = nullptr;
  napi_typedarray_type type;
  napi_value buffer;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
  napi_get_value_double(env, argv[0], &where);
  if (napi_get_typedarray_info(env, argv[1], &type, &length, &data, &buffer, &offset) != napi_ok) {
    napi_throw_type_error(env, nullptr, "xcp backend: copy needs a typed array");
    return nullptr;
  }
  size_t width = type == napi_float64_array || type == napi_bigint64_array || type == napi_biguint64_array ? 8
                 : type == napi_float32_array || type == napi_int32_array || type == napi_uint32_array     ? 4
                 : type == napi_int16_array || type == napi_uint16_array                                   ? 2
                                                                                                           : 1;
  if (to_native) memcpy(address(where), data, length * width);
  else memcpy(data, address(where), length * width);
  return nullptr;
}

/// write(address, typed array): copies into native memory.
napi_value write(napi_env env, napi_callback_info info) { return copy(env, info, true); }

/// read(address, typed array): copies out of native memory.
napi_value read(napi_env env, napi_callback_info info) { return copy(env, info, false); }

/// move(from address, to address, bytes)
napi_value move(napi_env env, napi_callback_info info) {
  memmove(address(number_at(env, info, 1)), address(number_at(env, info, 0)), (size_t)number_at(env, info, 2));
  return nullptr;
}

/// setThreads(count)
napi_value threads(napi_env env, napi_callback_info info) {
  set_threads((int)number_at(env, info, 0));
  return nullptr;
}

/// threads()
napi_value threads_in_use(napi_env env, napi_callback_info) { return number(env, get_threads()); }

/// setMemoryLimit(bytes)
napi_value memory_limit(napi_env env, napi_callback_info info) {
  set_memory_limit(number_at(env, info, 0));
  return nullptr;
}

/// scratchHeld(): bytes
napi_value scratch(napi_env env, napi_callback_info) { return number(env, (double)scratch_held()); }

/// processHeld(): bytes
napi_value held(napi_env env, napi_callback_info) { return number(env, (double)memory_held()); }

/// trimScratch()
napi_value trim(napi_env, napi_callback_info) {
  trim_scratch();
  return nullptr;
}

/// The arguments' array: a Float64Array over memory that kernels read; `address` is where.
napi_value arguments_buffer(napi_env env) {
  napi_value buffer, array, result;
  constexpr size_t count = 1 << 16;
  void *data = nullptr;
  // A buffer of V8's own does not move, and stays as long as the exports object refers to it.
  napi_create_arraybuffer(env, count * sizeof(double), &data, &buffer);
  napi_create_typedarray(env, napi_float64_array, count, buffer, 0, &array);
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "values", array);
  napi_set_named_property(env, result, "address", number(env, (double)(uintptr_t)data));
  return result;
}

napi_value init(napi_env env, napi_value exports) {
  pin_library();
  napi_set_instance_data(env, new Instance, [](napi_env, void *data, void *) { delete (Instance *)data; }, nullptr);
  napi_property_descriptor functions[] = {
      {"select", nullptr, select_isa, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"run", nullptr, run, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"replay", nullptr, replay, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"reserve", nullptr, reserve, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"release", nullptr, release, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"write", nullptr, write, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"read", nullptr, read, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"move", nullptr, move, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"setThreads", nullptr, threads, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"threads", nullptr, threads_in_use, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"setMemoryLimit", nullptr, memory_limit, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"scratchHeld", nullptr, scratch, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"processHeld", nullptr, held, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"trimScratch", nullptr, trim, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  napi_set_named_property(env, exports, "arguments", arguments_buffer(env));
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
