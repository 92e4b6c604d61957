// What Node.js, Deno and Bun run: takes a network's weights through every format, by files, and prints one line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { exportKerasH5, exportSafetensors, xception } from '@xcp/xception';
import { loadWeights } from '@xcp/xception/node';

await tf.setBackend('cpu');
const config = { inputShape: [32, 32, 3], classes: 3, width: 0.02, middleBlocks: 1 };
const numbers = (model) =>
  tf.tidy(() => model.getWeights().flatMap((weight) => Array.from(weight.dataSync())));
const model = xception({ ...config, seed: 1 });
const wanted = String(numbers(model));
const folder = mkdtempSync(join(tmpdir(), 'xcp-weights-'));
const files = {
  'keras.h5': await exportKerasH5(model),
  'xcp.safetensors': await exportSafetensors(model),
  'timm.safetensors': await exportSafetensors(model, { names: 'timm' }),
};
for (const [name, bytes] of Object.entries(files)) {
  writeFileSync(join(folder, name), bytes);
  const other = xception(config);
  await loadWeights(other, join(folder, name));
  if (String(numbers(other)) !== wanted) throw new Error(`${name} must give the weights back`);
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ weights: Object.keys(files).join(', ') }));
