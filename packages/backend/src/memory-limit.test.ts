import { describe, expect, it } from 'vitest';
import { type Machine, memoryLimit } from './memory-limit';

const [MIB, GIB] = [2 ** 20, 2 ** 30];

const machine = (changes: Partial<Machine> = {}): Machine => ({
  environment: {},
  totalMemory: 8 * GIB,
  constrainedMemory: undefined,
  readFile: () => undefined,
  ...changes,
});

const container = (bytes: number) => (path: string) =>
  ({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': `${bytes}\n` })[path];

describe('memoryLimit', () => {
  it('is what the machine has less a reserve', () => {
    expect(memoryLimit(undefined, machine())).toBe(8 * GIB - 512 * MIB);
    expect(memoryLimit(undefined, machine({ totalMemory: 64 * GIB }))).toBe(60 * GIB);
    expect(memoryLimit(undefined, machine({ totalMemory: 600 * MIB }))).toBe(300 * MIB);
  });

  it('heeds the limit that the runtime knows, and ignores a number that means none', () => {
    expect(memoryLimit(undefined, machine({ constrainedMemory: 2 * GIB }))).toBe(2 * GIB - 512 * MIB);
    expect(memoryLimit(undefined, machine({ constrainedMemory: 2 ** 64 }))).toBe(8 * GIB - 512 * MIB);
    expect(memoryLimit(undefined, machine({ constrainedMemory: 0 }))).toBe(8 * GIB - 512 * MIB);
  });

  it('heeds the control groups where the runtime does not', () => {
    expect(memoryLimit(undefined, machine({ readFile: container(GIB) }))).toBe(512 * MIB);
  });

  it('prefers the option, then the environment', () => {
    const environment = { XCP_MEMORY_LIMIT: '100' };
    expect(memoryLimit(undefined, machine({ environment }))).toBe(100 * MIB);
    expect(memoryLimit(5000, machine({ environment }))).toBe(5000);
  });

  it('rejects what is no size', () => {
    expect(() => memoryLimit(-1, machine())).toThrow(
      '`memoryLimit` must be a positive number of bytes, received -1',
    );
    expect(() => memoryLimit(Number.NaN, machine())).toThrow('received NaN');
    expect(() => memoryLimit(undefined, machine({ environment: { XCP_MEMORY_LIMIT: 'all' } }))).toThrow(
      'XCP_MEMORY_LIMIT must be a positive number of MiB, received all',
    );
  });
});
