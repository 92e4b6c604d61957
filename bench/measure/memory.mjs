import { readFileSync, writeFileSync } from 'node:fs';

/** The most memory this process had resident since `resetPeakMemory`, in bytes; since its start where that fails. */
export function peakMemory() {
  try {
    return 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}

/** What is resident now, in bytes: at the start, what the framework takes before there is a network. */
export const residentMemory = () => process.memoryUsage.rss();

/** Linux alone lets a process forget its peak. */
export function resetPeakMemory() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere the peak is the process's.
  }
}
