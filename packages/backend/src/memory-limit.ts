import { totalmem } from 'node:os';
import { cgroupMemoryLimit, type ReadFile, readFile } from './cgroup';
import { checkMemoryLimit } from './limits';

const MIB = 2 ** 20;

/** What a default limit is worked out from; handed in by tests. */
export interface Machine {
  environment: Record<string, string | undefined>;
  totalMemory: number;
  /** What the runtime knows of a container's limit; 0, undefined or a huge number where it knows none. */
  constrainedMemory: number | undefined;
  readFile: ReadFile;
}

const thisMachine = (): Machine => ({
  environment: process.env,
  totalMemory: totalmem(),
  constrainedMemory: process.constrainedMemory?.(),
  readFile,
});

/**
 * Left to the system, JavaScript and the code itself: a sixteenth of the whole, at least 512 MiB, at most half.
 */
const reserveOf = (total: number): number => Math.min(total / 2, Math.max(512 * MIB, total / 16));

/**
 * Most bytes that tensors and the kernels' scratch memory may hold: the option (in bytes), then `XCP_MEMORY_LIMIT`
 * (in MiB), then what the machine has or the control groups of the process allow, less a reserve.
 */
export function memoryLimit(option?: number, machine: Machine = thisMachine()): number {
  if (option !== undefined) return checkMemoryLimit(option);
  const variable = machine.environment.XCP_MEMORY_LIMIT;
  if (variable !== undefined && variable !== '') {
    const size = Number(variable);
    if (!(size > 0)) {
      throw new Error(`xcp backend: XCP_MEMORY_LIMIT must be a positive number of MiB, received ${variable}`);
    }
    return size * MIB;
  }
  // The runtime does not know every kind of control group (Node 20 misses nested ones of version 1): ask both.
  const limits = [machine.totalMemory, machine.constrainedMemory, cgroupMemoryLimit(machine.readFile)];
  const total = Math.min(...limits.filter((limit): limit is number => limit !== undefined && limit > 0));
  return total - reserveOf(total);
}
