import type { Engine, Probe } from './engine';

interface WebGpuOptions {
  cwd?: string;
  software?: boolean;
}

/** Imports WebGPU in the build for this runtime. */
type Import = () => Promise<{
  probeWebGpu(options: WebGpuOptions): Promise<Probe>;
  activateWebGpu(options: WebGpuOptions): Promise<void>;
}>;

/** WebGPU: on a GPU, or where this engine is insisted on and there is none, on an adapter that is only software. */
export function webGpuEngine(load: Import, cwd?: string): Engine {
  let software = false;
  return {
    name: 'webgpu',
    async probe({ insisted = false } = {}) {
      const { probeWebGpu } = await load();
      const hardware = await probeWebGpu({ cwd, software: false });
      if (hardware.available || !insisted) return hardware;
      const inSoftware = await probeWebGpu({ cwd, software: true });
      software = inSoftware.available;
      return inSoftware.available ? inSoftware : hardware;
    },
    activate: async () => (await load()).activateWebGpu({ cwd, software }),
  };
}
