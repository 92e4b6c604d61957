import { availableParallelism } from 'node:os';
import { cgroupCpuQuota } from './cgroup';

const MOST_THREADS = 256;

export function checkThreads(threads: number, received: unknown = threads): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new Error(
    `xcp backend: \`threads\` (or XCP_NUM_THREADS) must be a whole number from 1 to ${MOST_THREADS}, received ${received}`,
  );
}

/**
 * Threads that take part in a kernel: the option, then `XCP_NUM_THREADS`, then one for each processor that the
 * process may use (its affinity counts) or, where the control groups' quota is smaller, for each whole processor's
 * worth of it: a thread beyond the quota would make all of them wait.
 */
export function threadCount(
  option?: number,
  environment: Record<string, string | undefined> = process.env,
  processors: number = availableParallelism(),
  quota: number | undefined = cgroupCpuQuota(),
): number {
  if (option !== undefined) return checkThreads(option);
  const variable = environment.XCP_NUM_THREADS;
  if (variable) return checkThreads(Number(variable), variable);
  const allowed = Math.max(1, Math.floor(quota ?? processors));
  return Math.min(processors, allowed, MOST_THREADS);
}
