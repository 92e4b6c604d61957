import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { cgroupCpuQuota, cgroupMemoryLimit, memoryLimit, threadCount } from '@xcp/backend';
import { versions } from '../run-folder/provenance';

/** What this machine and this runtime are. */
export interface SystemFacts {
  /** Such as `Node.js 20.20.2`. */
  runtime: string;
  platform: string;
  versions: Record<string, string>;
  processor: {
    model: string;
    count: number;
    /** Those of the instruction sets that matter to us; empty where the system does not tell. */
    instructionSets: string[];
    /** Processors' worth of time that a container allows; null where it sets no quota. */
    quota: number | null;
    /** Threads that the kernels take. */
    threads: number;
  };
  memory: {
    /** Bytes of the machine. */
    total: number;
    /** Bytes that a container allows; null where it sets no limit. */
    container: number | null;
    /** Bytes that tensors may take on the xcp engine. */
    limit: number;
  };
}

export function systemFacts(): SystemFacts {
  const processors = cpus();
  return {
    runtime: runtime(),
    platform: `${process.platform} ${process.arch}`,
    versions: versions(),
    processor: {
      model: processors[0]?.model.trim() ?? 'unknown',
      count: processors.length,
      instructionSets: instructionSets(),
      quota: cgroupCpuQuota() ?? null,
      threads: threadCount(),
    },
    memory: { total: totalmem(), container: cgroupMemoryLimit() ?? null, limit: memoryLimit() },
  };
}

function runtime(): string {
  const { deno, bun, node } = process.versions;
  if (deno) return `Deno ${deno}`;
  return bun ? `Bun ${bun}` : `Node.js ${node}`;
}

const NAMES: Record<string, string> = {
  avx: 'AVX',
  avx2: 'AVX2',
  fma: 'FMA',
  avx512f: 'AVX-512',
  asimd: 'NEON',
};

function instructionSets(): string[] {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
    return flags.split(' ').flatMap((flag) => NAMES[flag] ?? []);
  } catch {
    return [];
  }
}
