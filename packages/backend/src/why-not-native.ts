/**
 * Why wasm takes the place of the native addon that failed to load with this error; undefined for errors that are no
 * reason: what somebody insists on (an instruction set, a number of threads) is not passed over in silence.
 */
export function whyNotNative(error: unknown): string | undefined {
  const { message, code } = error as { message?: string; code?: string };
  if (message?.includes('No native build was found')) {
    return 'its native addon is not built; install a C++ compiler, make and Python 3, then build again';
  }
  if (code === 'ERR_DLOPEN_FAILED') {
    return `its native addon does not load here (${message}); build it on this machine`;
  }
  return undefined;
}
