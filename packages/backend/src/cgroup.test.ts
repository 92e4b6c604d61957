import { describe, expect, it } from 'vitest';
import { cgroupCpuQuota, cgroupMemoryLimit } from './cgroup';

const files = (tree: Record<string, string>) => (path: string) => tree[path];
const MIB = 2 ** 20;

describe('cgroupMemoryLimit', () => {
  it('takes the smallest limit on the way to the root, version 2', () => {
    const read = files({
      '/proc/self/cgroup': '0::/user.slice/job\n',
      '/sys/fs/cgroup/user.slice/job/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/memory.max': `${512 * MIB}\n`,
    });
    expect(cgroupMemoryLimit(read)).toBe(512 * MIB);
  });

  it('reads version 1, where the path of the host is not mounted in the container', () => {
    const read = files({
      '/proc/self/cgroup': '9:cpu,cpuacct:/docker/abc\n8:memory:/docker/abc\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${300 * MIB}\n`,
    });
    expect(cgroupMemoryLimit(read)).toBe(300 * MIB);
  });

  it('finds no limit where there is none', () => {
    expect(cgroupMemoryLimit(files({}))).toBeUndefined();
    expect(
      cgroupMemoryLimit(
        files({
          '/proc/self/cgroup': '8:memory:/\n0::/\n',
          '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
          '/sys/fs/cgroup/memory.max': 'max\n',
        }),
      ),
    ).toBeUndefined();
  });
});

describe('cgroupCpuQuota', () => {
  it('reads version 2', () => {
    const read = files({
      '/proc/self/cgroup': '0::/a\n',
      '/sys/fs/cgroup/a/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/cpu.max': 'max 100000\n',
    });
    expect(cgroupCpuQuota(read)).toBe(1.5);
  });

  it('reads version 1 in a hierarchy of two controllers', () => {
    const read = files({
      '/proc/self/cgroup': '4:cpu,cpuacct:/a\n',
      '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '200000\n',
      '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    });
    expect(cgroupCpuQuota(read)).toBe(2);
  });

  it('finds no quota where there is none', () => {
    expect(cgroupCpuQuota(files({ '/proc/self/cgroup': '0::/\n' }))).toBeUndefined();
  });
});
