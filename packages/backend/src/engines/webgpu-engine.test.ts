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
