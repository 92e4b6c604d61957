import { cpus } from 'node:os';

function processorTimes() {
  const times = cpus().map(({ times }) => times);
  const idle = times.reduce((sum, { idle }) => sum + idle, 0);
  return { idle, all: times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq + t.idle, 0) };
}

/**
 * Starts to watch the processors. What it returns tells the share of them, 0 to 1, that others took since then,
 * beside a process that took `ownSeconds`.
 */
export function watchLoad() {
  const before = processorTimes();
  return (ownSeconds) => {
    const after = processorTimes();
    const all = after.all - before.all;
    const busy = all - (after.idle - before.idle);
    return all > 0 ? Math.max(0, (busy - 1000 * ownSeconds) / all) : 0;
  };
}
