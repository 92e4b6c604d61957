import { visibleDevice } from './cuda-devices';

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that TensorFlow reads when it is loaded; what the user has set is left as it is. */
export function tfjsNodeEnv(name: 'cuda' | 'node', device: number | undefined, env: Env) {
  const quiet = { TF_CPP_MIN_LOG_LEVEL: env.TF_CPP_MIN_LOG_LEVEL ?? '2' };
  if (name === 'node') return quiet;
  return {
    ...quiet,
    // Without it TensorFlow takes all of the GPU's memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: env.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    CUDA_VISIBLE_DEVICES: visibleDevice(device, env.CUDA_VISIBLE_DEVICES),
  };
}
