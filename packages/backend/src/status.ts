import type { Library } from './library';
import { loadNative } from './native';

/** Whether the backend can be used here, and why not. */
export type BackendStatus =
  | { available: true; isa: string; threads: number }
  | { available: false; reason: string };

let status: BackendStatus | undefined;

export function recordSuccess(library: Library): void {
  status = { available: true, isa: library.isa, threads: library.threads };
}

export function recordFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const missing = message.includes('No native build was found');
  status = {
    available: false,
    reason: missing
      ? 'its native addon is not built; install a C++ compiler, make and Python 3, then build again'
      : message,
  };
}

/**
 * Tells whether the native addon can be loaded here, which instruction set it uses and how many threads.
 *
 * @example
 * const status = backendStatus();
 * if (status.available) await tf.setBackend('xcp');
 */
export function backendStatus(): BackendStatus {
  if (!status) {
    try {
      recordSuccess(loadNative());
    } catch (error) {
      recordFailure(error);
    }
  }
  return status!;
}
