// What somebody writes who has installed the packages: type-checked and run in an empty project.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { type BatchSource, batchSource, CIFAR10_MEAN, CIFAR10_STD, type LabeledImages } from '@xcp/cifar10';
import { separableConv2d } from '@xcp/layers';
import { encodeSafetensors } from '@xcp/safetensors';
import { evaluate, train } from '@xcp/trainer';
import {
  countParameters,
  decodePredictions,
  exportOnnx,
  freeze,
  gradCam,
  type XceptionConfig,
  xception,
} from '@xcp/xception';
import { loadWeights } from '@xcp/xception/node';

const status = backendStatus();
await tf.setBackend(status.available ? 'xcp' : 'cpu');

const config: XceptionConfig = { inputShape: [32, 32, 3], classes: 10, width: 0.02, middleBlocks: 1 };
const model = xception(config);
const images: LabeledImages = {
  images: Uint8Array.from({ length: 64 * 32 * 32 * 3 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 64 }, (_, i) => i % 10),
  length: 64,
  width: 32,
  height: 32,
  channels: 3,
};
const data: BatchSource = batchSource(images, { mean: CIFAR10_MEAN, std: CIFAR10_STD, batchSize: 32 });
freeze(model, 'block2');
const { step } = await train({ model, trainData: data, config: { epochs: 1 } });
const { loss } = await evaluate({ model, data });

const image = tf.zeros([32, 32, 3]);
const [ranked] = await decodePredictions(model.predict(tf.expandDims(image)) as tf.Tensor, {
  classes: Array.from({ length: 10 }, (_, i) => `class ${i}`),
});
const heat = gradCam(model, image, ranked![0]!.index);
const onnx = await exportOnnx(model);
const weights = encodeSafetensors({ a: { dtype: 'float32', shape: [1], data: Float32Array.of(1) } });
const refused = await loadWeights(model, weights).then(
  () => false,
  () => true,
);
const layer = separableConv2d({ filters: 4, kernelSize: 3 }).apply(tf.expandDims(image)) as tf.Tensor;

const worked =
  step === 2 &&
  Number.isFinite(loss) &&
  heat.shape[0] === 32 &&
  onnx.length > 1000 &&
  refused &&
  layer.shape[3] === 4;
if (!worked) throw new Error(JSON.stringify({ step, loss, heat: heat.shape, onnx: onnx.length, refused }));
console.log(`${tf.getBackend()}, ${countParameters(model).total} parameters`);
