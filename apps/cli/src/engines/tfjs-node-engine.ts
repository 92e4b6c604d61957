import { createRequire } from 'node:module';
import type { Engine } from './engine';
import { restoreNodeUtil } from './node-util';
import { probeTfjsNode } from './probe-tfjs-node';
import { resolveOptional } from './resolve-optional';
import { setBackend } from './set-backend';

/** TensorFlow's C library, through `@tensorflow/tfjs-node` or `-gpu` where the user has installed it. */
export function tfjsNodeEngine(name: 'cuda' | 'node', cwd: string): Engine {
  const packageName = name === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const file = resolveOptional(packageName, cwd);
  return {
    name,
    async probe() {
      if (file === undefined) return { available: false, reason: `${packageName} is not installed` };
      return probeTfjsNode(file, name === 'cuda');
    },
    async activate() {
      restoreNodeUtil();
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
      // Without it TensorFlow takes all of the GPU's memory at once.
      process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
      createRequire(import.meta.url)(file!);
      await setBackend('tensorflow');
    },
  };
}
