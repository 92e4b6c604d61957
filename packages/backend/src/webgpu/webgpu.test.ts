import { describe, expect, it } from 'vitest';
import type { Report } from './testing/program';
import { runProgram } from './testing/run-program';
import { softwareDriver } from './testing/software-driver';

const driver = softwareDriver();
/** Runtimes whose binaries the environment names; Node is always there. */
const runtimes = [
  { name: 'Node', command: process.execPath, args: [] },
  { name: 'Bun', command: process.env.XCP_BUN, args: [] },
  { name: 'Deno', command: process.env.XCP_DENO, args: ['run', '-A', '--unstable-webgpu'] },
].filter((runtime): runtime is { name: string; command: string; args: string[] } => !!runtime.command);

if (!driver) {
  console.log(
    'WebGPU: not tested, for there is no software driver for Vulkan (chromium and mesa-vulkan-drivers bring one)',
  );
}

describe.skipIf(!driver).each(runtimes)('WebGPU on a software driver in $name', ({ name, command, args }) => {
  let report: Promise<Report> | undefined;
  const reported = () => {
    report ??= runProgram(command, args, driver!);
    return report;
  };

  it('computes with our kernels what the cpu backend computes', async () => {
    const { reason, kernels } = await reported();
    expect(reason).toBeUndefined();
    // Batch normalization of values near 100 loses two digits of seven.
    const wrong = Object.entries(kernels).filter(
      ([key, d]) => !(d < (key.startsWith('batch norm') ? 2e-5 : 2e-6)),
    );
    expect(wrong).toEqual([]);
    expect(Object.keys(kernels).length).toBeGreaterThan(50);
    // What somebody held of a variable that was updated in place.
    const held = Object.entries(kernels).filter(([key]) => key.includes('held'));
    expect(held.filter(([, d]) => d !== 0)).toEqual([]);
    expect(held).toHaveLength(6);
  }, 240_000);

  it('trains a narrow network as the cpu backend does, in flat memory, on our kernels', async () => {
    const { training } = await reported();
    expect(training.losses).toBeLessThan(1e-5);
    expect(training.validation).toBeLessThan(1e-5);
    expect(training.weights).toBeLessThan(1e-4);
    expect(training.tensors[1]).toBe(training.tensors[0]);
    expect(training.bytes[1]).toBe(training.bytes[0]);
    expect(training.bytes[0]).toBeGreaterThan(100_000);
    for (const shader of ['pointwiseFilterGrad', 'convFilterGrad', 'depthwiseFilterGrad 3 3', 'sumSplits']) {
      expect(training.shaders).toContain(`xcp ${shader}`);
    }
    for (const shader of ['batchNormRelu', 'batchNorm', 'batchNormGradInput', 'sgdUpdate', 'reluGrad']) {
      expect(training.shaders).toContain(`xcp ${shader}`);
    }
  }, 240_000);

  it('resumes to the bit', async () => {
    const { training } = await reported();
    expect(training.resumed).toBe(0);
  }, 240_000);

  it('tells what WebGPU would pass over', async () => {
    const { errors } = await reported();
    expect(errors.readSync).toMatch(
      /^webgpu: values on a GPU can only be read asynchronously.*await tensor.data/,
    );
    expect(errors.tooLarge).toMatch(
      /^webgpu: out of memory: .* at most 1000 bytes .* received \[2000\] with 8000$/,
    );
    if (name !== 'Deno') expect(errors.invalid).toMatch(/^webgpu: an error: .*WGSL/);
    else expect(errors.invalid).toMatch(/^webgpu: an error: /);
  }, 240_000);
});
