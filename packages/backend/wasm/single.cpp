// One thread: where memory cannot be shared.
extern "C" void xcp_parallel_for(long count, void (*body)(void *, long), void *context) {
  for (long i = 0; i < count; i++) body(context, i);
}
