import { readFileSync } from 'node:fs';

/** Gives a file's text, or undefined where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

export const readFile: ReadFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Where files about a controller (`memory`, `cpu`) may lie: from the process's own control group up to the root. */
function directories(controller: string, read: ReadFile): { v1: string[]; v2: string[] } {
  const found = { v1: [] as string[], v2: [] as string[] };
  for (const line of read('/proc/self/cgroup')?.split('\n') ?? []) {
    const [id, controllers, ...rest] = line.split(':');
    const path = rest.join(':');
    const isV2 = id === '0' && controllers === '';
    if (!isV2 && !controllers?.split(',').includes(controller)) continue;
    // Hybrid systems mount version 2 beside version 1.
    const roots = isV2
      ? ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']
      : [`/sys/fs/cgroup/${controller}`, `/sys/fs/cgroup/${controllers}`];
    // A limit on any ancestor holds too. In a container the path may be the host's: then only the root is there.
    const parts = path.split('/').filter(Boolean);
    for (const root of roots) {
      for (let depth = parts.length; depth >= 0; depth--) {
        found[isV2 ? 'v2' : 'v1'].push([root, ...parts.slice(0, depth)].join('/'));
      }
    }
  }
  return found;
}

const smallest = (values: readonly (number | undefined)[]): number | undefined => {
  const limits = values.filter((value): value is number => value !== undefined && value > 0);
  return limits.length > 0 ? Math.min(...limits) : undefined;
};

/** A whole number, or undefined for `max`, `-1` and whatever else means none. */
function amount(text: string | undefined): number | undefined {
  const value = Number(text?.trim() || Number.NaN);
  // Version 1 writes "no limit" as the largest number of pages.
  return Number.isFinite(value) && value > 0 && value < 2 ** 60 ? value : undefined;
}

/** Most bytes that the control groups (version 1 or 2) of this process allow, or undefined where they set no limit. */
export function cgroupMemoryLimit(read: ReadFile = readFile): number | undefined {
  const { v1, v2 } = directories('memory', read);
  return smallest([
    ...v2.map((directory) => amount(read(`${directory}/memory.max`))),
    ...v1.map((directory) => amount(read(`${directory}/memory.limit_in_bytes`))),
  ]);
}

/** Processors' worth of time that the control groups allow, such as 1.5, or undefined where they set no quota. */
export function cgroupCpuQuota(read: ReadFile = readFile): number | undefined {
  const { v1, v2 } = directories('cpu', read);
  const quota = (most: string | undefined, period: string | undefined) => {
    const [time, each] = [amount(most), amount(period)];
    return time && each ? time / each : undefined;
  };
  return smallest([
    ...v2.map((directory) => {
      const [most, period] = read(`${directory}/cpu.max`)?.trim().split(/\s+/) ?? [];
      return quota(most, period);
    }),
    ...v1.map((directory) =>
      quota(read(`${directory}/cpu.cfs_quota_us`), read(`${directory}/cpu.cfs_period_us`)),
    ),
  ]);
}
