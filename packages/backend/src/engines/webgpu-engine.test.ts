import { expect, it, vi } from 'vitest';
import { chooseEngine } from './choose-engine';
import { webGpuEngine } from './webgpu-engine';

it('takes a software adapter where it is insisted on alone', async () => {
  const webgpu = {
    probeWebGpu: vi.fn(async ({ software }: { software?: boolean }) =>
      software
        ? ({ available: true, detail: 'SwiftShader' } as const)
        : ({ available: false, reason: 'the only adapter is software' } as const),
    ),
    activateWebGpu: vi.fn(async () => {}),
  };
  const engine = webGpuEngine(async () => webgpu, '/home');
  await expect(chooseEngine('auto', [engine])).rejects.toThrow('webgpu: the only adapter is software');
  expect(webgpu.activateWebGpu).not.toHaveBeenCalled();
  expect(await chooseEngine('webgpu', [engine])).toMatchObject({ name: 'webgpu', detail: 'SwiftShader' });
  expect(webgpu.activateWebGpu).toHaveBeenCalledWith({ cwd: '/home', software: true });
});

it('takes a GPU before a software adapter where it is insisted on', async () => {
  const webgpu = {
    probeWebGpu: vi.fn(async ({ software }: { software?: boolean }) => {
      return { available: true, detail: software ? 'SwiftShader' : 'a GPU' } as const;
    }),
    activateWebGpu: vi.fn(async () => {}),
  };
  const engine = webGpuEngine(async () => webgpu);
  expect(await chooseEngine('webgpu', [engine])).toMatchObject({ detail: 'a GPU' });
  expect(webgpu.activateWebGpu).toHaveBeenCalledWith({ cwd: undefined, software: false });
});
