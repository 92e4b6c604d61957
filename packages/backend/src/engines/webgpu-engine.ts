import type { Engine, Probe, Wish } from './engine';

interface WebGpuOptions {
  cwd?: string;
  software?: boolean;
}

/** Imports WebGPU in the build for this runtime. */
type Import = () => Promise<{
  probeWebGpu(options: WebGpuOptions): Promise<Probe>;
  activateWebGpu(options: WebGpuOptions): Promise<void>;
}>;

/** WebGPU. An adapter that is only software is taken where this engine is insisted on, and never by `auto`. */
export function webGpuEngine(load: Import, cwd?: string): Engine {
  const options = ({ insisted }: Wish) => ({ cwd, software: insisted ?? false });
  return {
    name: 'webgpu',
    probe: async (wish = {}) => (await load()).probeWebGpu(options(wish)),
    activate: async (wish = {}) => (await load()).activateWebGpu(options(wish)),
  };
}
