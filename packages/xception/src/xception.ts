import * as tfl from '@tensorflow/tfjs-layers';
import { deriveSeed, dropout } from '@xcp/layers';
import type { XceptionConfig } from './config';
import { entryFlow, exitFlow, middleFlow, stem } from './flows';
import { kernelInitializer } from './kernel-initializer';
import { resolveConfig } from './resolve-config';

/**
 * Builds the Xception network: [batch, height, width, channels] → [batch, classes] logits.
 *
 * Layers have the names they have in Keras. The four shortcut convolutions, which Keras numbers by the order
 * of their making, are named after their block: `block2_residual_conv` and `block2_residual_bn` are Keras's
 * `conv2d` and `batch_normalization`; those of blocks 3, 4 and 13 have `_1`, `_2` and `_3` there. The same
 * configuration and seed give the same weights, on every engine.
 *
 * @example
 * const model = xception({ inputShape: [32, 32, 3], classes: 10, stem: 'cifar', seed: 1 });
 * @throws if a key is unknown, a value is out of its range, or the images are too small (`minInputSize`).
 * @see Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", figure 5;
 *   keras/src/applications/xception.py
 */
export function xception(config: XceptionConfig = {}): tfl.LayersModel {
  const c = resolveConfig(config);
  const image = tfl.input({ name: 'input_layer', shape: c.inputShape });
  const entry = entryFlow(c)(stem(c)(image));
  const middle = middleFlow(c)(entry);
  const exit = exitFlow(c)(middle);

  const classifier = [
    tfl.layers.globalAveragePooling2d({ name: 'avg_pool' }),
    ...(c.dropout > 0
      ? [dropout({ name: 'dropout', rate: c.dropout, seed: deriveSeed(c.seed, 'dropout') })]
      : []),
    tfl.layers.dense({
      name: 'predictions',
      units: c.classes,
      activation: c.classifierActivation,
      kernelInitializer: kernelInitializer(c, 'predictions', 'dense'),
    }),
  ];
  const outputs = classifier.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, exit);
  const model = tfl.model({ name: 'xception', inputs: image, outputs });
  // TensorFlow.js counts every application of a layer, but a model lets go of each of its layers once: without
  // this, `model.dispose()` would leave the weights of a shared middle flow behind.
  for (const layer of model.layers) Object.assign(layer, { _refCount: 1 });
  return model;
}
