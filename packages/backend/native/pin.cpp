#include "pin.h"

#if defined(_WIN32)
#include <windows.h>
void pin_library() {
  HMODULE self;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (LPCWSTR)&pin_library,
                     &self);
}
#else
#include <dlfcn.h>
void pin_library() {
  Dl_info self;
  if (dladdr((void *)&pin_library, &self)) (void)dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}
#endif
