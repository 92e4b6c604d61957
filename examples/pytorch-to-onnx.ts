// PyTorch weights in, ONNX out: loads a checkpoint in the layout of timm's `legacy_xception`, converted to safetensors,
// and writes the network as ONNX. Usage: pytorch-to-onnx.ts [weights.safetensors]
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { exportOnnx, xception } from '@xcp/xception';
import { loadWeights } from '@xcp/xception/node';

await tf.setBackend('cpu');

// A small network's, from the tests. timm's own needs the default configuration, but for the epsilon.
const fixture = new URL('../packages/xception/fixtures/weights/pytorch.safetensors', import.meta.url);
const weights = process.argv[2]?.endsWith('.safetensors') ? process.argv[2] : fileURLToPath(fixture);
export const model = xception({
  inputShape: [39, 39, 3],
  classes: 5,
  stem: { filters: [3, 4], strides: [2, 1], padding: 'valid' },
  entryFilters: [5, 6],
  middleBlocks: 1,
  exitFilters: [6, 7],
  finalFilters: [8],
  batchNormEpsilon: 1e-5,
});
export const report = await loadWeights(model, weights);
for (const warning of report.warnings) console.warn(warning);

export const path = join(tmpdir(), 'xcp-pytorch.onnx');
await writeFile(path, await exportOnnx(model, { layout: 'NCHW' })); // images as PyTorch has them

console.log(`${report.loaded.length} weights with the names of ${report.names}: ${path}`);
