import { cpus, totalmem } from 'node:os';

/** Where and when it was measured. */
export function machine() {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const machineLine = ({ processors, model, memoryBytes, platform, node, date }) =>
  `${processors} × ${model}, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${platform}, Node ${node}, ${date}`;
