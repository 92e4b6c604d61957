import type * as tfl from '@tensorflow/tfjs-layers';
import { buildModel } from './build-model';
import type { XceptionConfig } from './config';
import { network } from './network';
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
  return buildModel(c, 'xception', network(c));
}
