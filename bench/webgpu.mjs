// Compares our WebGPU kernels with what TensorFlow.js computes in their place, in turns, on shapes of Xception.
// Usage: node bench/webgpu.mjs [--software] [--rounds 5] [--large]
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { activateWebGpu, probeWebGpu } from '@xcp/backend/webgpu';
import { batchNormTrain } from '@xcp/layers';

const { values } = parseArgs({
  options: {
    software: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
  },
});
const { software } = values;
const probe = await probeWebGpu({ software });
if (!probe.available) {
  console.error(`webgpu: ${probe.reason}${software ? '' : '; --software takes such an adapter'}`);
  process.exit(1);
}

const kernelsNow = () => new Map(tf.getKernelsForBackend('webgpu').map((each) => [each.kernelName, each]));
const theirs = kernelsNow();
await activateWebGpu({ software });
const ours = new Map(
  [...kernelsNow()].filter(([name, { kernelFunc }]) => theirs.get(name)?.kernelFunc !== kernelFunc),
);

/** Registers our kernels, or what there is without them. */
function choose(mine) {
  for (const [name, config] of ours) {
    if (tf.getKernel(name, 'webgpu')) tf.unregisterKernel(name, 'webgpu');
    const chosen = mine ? config : theirs.get(name);
    if (chosen) tf.registerKernel(chosen);
  }
}

const [images, size, channels] = values.large ? [8, 19, 728] : [8, 8, 128];
const shape = [images, size, size, channels];
const x = tf.randomNormal(shape);
const dy = tf.randomNormal(shape);
const vector = () => tf.variable(tf.randomUniform([channels], 0.5, 1.5));
const [gamma, beta, mean, variance] = [vector(), vector(), vector(), vector()];
const normalize = (input) =>
  batchNormTrain(input, gamma, beta, mean, variance, { momentum: 0.9, epsilon: 1e-3, relu: true });
const filterGradient = (kernel, filterShape) => () =>
  tf
    .engine()
    .runKernel(kernel, { x, dy }, { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC', filterShape });
const works = {
  'filter gradient of a 1×1 convolution': filterGradient('Conv2DBackpropFilter', [1, 1, channels, channels]),
  'filter gradient of a depthwise 3×3 convolution': filterGradient('DepthwiseConv2dNativeBackpropFilter', [
    3,
    3,
    channels,
    1,
  ]),
  'filter gradient of a 3×3 convolution': filterGradient('Conv2DBackpropFilter', [3, 3, channels, channels]),
  'batch norm with its rectifier': () => normalize(x),
  'batch norm with its rectifier and its gradient': () => tf.grads((x) => normalize(x))([x], dy)[0],
};

/** Milliseconds until the result is there. */
async function time(work) {
  const start = performance.now();
  const result = tf.tidy(work);
  await result.data();
  const passed = performance.now() - start;
  result.dispose();
  return passed;
}

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(`${probe.detail}; [${shape}]; medians of ${values.rounds} rounds in turns; ms`);
for (const [name, work] of Object.entries(works)) {
  const times = { true: [], false: [] };
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const mine of [true, false]) {
      choose(mine);
      const passed = await time(work);
      // The first compiles.
      if (round >= 0) times[mine].push(passed);
    }
  }
  const [mine, other] = [median(times.true), median(times.false)];
  console.log(
    `${name}: ours ${mine.toFixed(1)}, TensorFlow.js ${other.toFixed(1)}, ratio ${(other / mine).toFixed(2)}`,
  );
}
// Dawn keeps the process alive where a read is under way.
process.exit(0);
