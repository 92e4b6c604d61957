import { CARD } from './cifar10-card';
import type { XceptionConfig } from './config';

/** What is shipped beside the weights: enough to build the network, to feed it and to read its answers. */
export interface Cifar10Card {
  /** The network, as `xception` takes it; `pretrained({ weights: 'cifar10' })` builds it. */
  network: XceptionConfig;
  /** CIFAR-10's, in the order of the logits. */
  classes: readonly string[];
  /** Side of the square images in pixels. */
  size: number;
  /** Per channel, of pixels in 0…1: what `preprocessInput` takes. */
  normalize: { mean: readonly number[]; std: readonly number[] };
}

/**
 * The card of the weights `'cifar10'`.
 *
 * @example
 * const model = xception(cifar10.network);
 * await loadWeights(model, await (await fetch(cifar10Weights)).arrayBuffer());
 * model.predict(preprocessInput(images, cifar10.normalize)); // [batch, 32, 32, 3] → [batch, 10] logits
 */
export const cifar10 = CARD;

/** Where the weights lie, a safetensors file in float16: a file in Node.js, what a bundler makes of it in a browser. */
export const cifar10Weights = new URL('../weights/cifar10.safetensors', import.meta.url);
