// One thread: where memory cannot be shared.
#include <stddef.h>

extern "C" void xcp_parallel_for(ptrdiff_t count, void (*body)(void *, ptrdiff_t), void *context) {
  for (ptrdiff_t i = 0; i < count; i++) body(context, i);
}
