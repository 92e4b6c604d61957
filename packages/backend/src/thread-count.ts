import { availableParallelism } from 'node:os';
import { cgroupCpuQuota } from './cgroup';
import { checkThreads, clampThreads } from './limits';

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
  return clampThreads(Math.min(processors, quota ?? processors));
}
