#include "start-thread.h"

#include <cstdint>
#if defined(_WIN32)
#include <process.h>
#include <windows.h>
#else
#include <pthread.h>
#endif

namespace {

constexpr int kStackBytes = 1 << 20;  // kernels keep a few small panels on it; musl's default is smaller

struct Start {
  void (*run)(int);
  int index;
};

}  // namespace

#if defined(_WIN32)
static unsigned __stdcall enter(void *argument) {
  Start start = *(Start *)argument;
  delete (Start *)argument;
  start.run(start.index);
  return 0;
}

bool start_thread(void (*run)(int), int index) {
  Start *start = new Start{run, index};
  uintptr_t thread = _beginthreadex(nullptr, kStackBytes, enter, start, STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (!thread) {
    delete start;
    return false;
  }
  CloseHandle((HANDLE)thread);
  return true;
}
#else
static void *enter(void *argument) {
  Start start = *(Start *)argument;
  delete (Start *)argument;
  start.run(start.index);
  return nullptr;
}

bool start_thread(void (*run)(int), int index) {
  Start *start = new Start{run, index};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread;
  bool started = pthread_create(&thread, &attributes, enter, start) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) delete start;
  return started;
}
#endif
