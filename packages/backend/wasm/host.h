// What the parts of the wasm host share.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define XCP_EXPORT(name) extern "C" __attribute__((export_name(#name)))

/// Memory of `bytes` bytes, 64-byte aligned, or null. Any thread may ask.
void *reserve_memory(size_t bytes);
void release_memory(void *p);

/// Before a thread works on memory that another one may have let grow: until then V8 may check the calling thread's
/// block copies and fills against the size it knew before.
void see_whole_memory();

/// Throws a JavaScript error that says how much was asked for; the call does not return.
extern "C" __attribute__((import_module("xcp"), import_name("outOfMemory"), noreturn)) void out_of_memory(size_t bytes);

/// Throws a JavaScript error where a kernel failed on another thread; the call does not return.
extern "C" __attribute__((import_module("xcp"), import_name("kernelFailed"), noreturn)) void kernel_failed();
