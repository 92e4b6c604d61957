import { createRequire } from 'node:module';
import type { Engine, Wish } from './engine';
import { setNativeEnv } from './native-env';
import { restoreNodeUtil } from './node-util';
import { probeTfjsNode } from './probe-tfjs-node';
import { resolveOptional } from './resolve-optional';
import { setBackend, silence } from './set-backend';
import { tfjsNodeEnv } from './tfjs-node-env';

/** TensorFlow's C library, through `@tensorflow/tfjs-node` or `-gpu` where the user has installed it. */
export function tfjsNodeEngine(name: 'cuda' | 'node', cwd: string): Engine {
  const packageName = name === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const env = ({ device }: Wish) => tfjsNodeEnv(name, device, process.env);
  return {
    name,
    hasDevices: name === 'cuda',
    async probe(wish = {}) {
      const file = resolveOptional(packageName, cwd);
      if (file === undefined) return { available: false, reason: `${packageName} is not installed` };
      return probeTfjsNode(file, name === 'cuda', { ...process.env, ...env(wish) });
    },
    async activate(wish = {}) {
      restoreNodeUtil();
      await setNativeEnv(env(wish));
      silence();
      createRequire(import.meta.url)(resolveOptional(packageName, cwd) ?? packageName);
      await setBackend('tensorflow');
    },
  };
}
